using System.Diagnostics;

namespace Edge.Sync.Tests.Storage;

/// <summary>What only root may do on Linux: mounts and immutable files. Elsewhere tests that need them are skipped, and say why.</summary>
internal static class RootOnly
{
    public static void Require() =>
        Assert.SkipUnless(OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess, "This test mounts a small file system, which takes root on Linux.");

    /// <summary>Runs a program of the system; the test is skipped where this container forbids it.</summary>
    public static void Run(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
        var error = process.StandardError.ReadToEnd();
        process.WaitForExit();
        Assert.SkipUnless(process.ExitCode == 0, $"'{program} {string.Join(' ', arguments)}' is not possible here: {error}");
    }

    /// <summary>A file system of its own in memory, of a few megabytes.</summary>
    public sealed class Mount : IDisposable
    {
        private readonly TempFolder _folder = new();

        public Mount(string size)
        {
            Require();
            Run("mount", "-t", "tmpfs", "-o", $"size={size}", "tmpfs", _folder.Path);
        }

        public string this[string name] => _folder[name];

        public void Remount(string options) => Run("mount", "-o", $"remount,{options}", _folder.Path);

        public void Dispose()
        {
            Run("umount", _folder.Path);
            _folder.Dispose();
        }
    }
}
