namespace Edge.Sync.Tests.Golden;

/// <summary>The files beside this one that hold the bytes of format version 0.</summary>
/// <remarks>
/// They are written anew by <c>EDGE_SYNC_GOLDEN=write artifacts/bin/Edge.Sync.Tests/debug/Edge.Sync.Tests -namespace Edge.Sync.Tests.Golden</c>, never on CI:
/// a change of the format is then seen in review, line by line. From version 1 on, files stay and new ones are put beside them.
/// </remarks>
internal static class GoldenFiles
{
    private static readonly bool s_writes = Environment.GetEnvironmentVariable("EDGE_SYNC_GOLDEN") == "write";

    /// <summary>The file's text; where it shall be written anew, what <paramref name="actual"/> is.</summary>
    public static string Read(string name, GoldenText actual)
    {
        var path = Path.Combine(Folder(), $"{name}.txt");
        if (s_writes)
        {
            if (Environment.GetEnvironmentVariable("CI") == "true") throw new InvalidOperationException("Golden files are not written on CI.");
            File.WriteAllText(path, actual.ToString());
        }
        return File.ReadAllText(path);
    }

    private static string Folder()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Edge.Sync.sln"))) folder = folder.Parent;
        return Path.Combine(folder?.FullName ?? throw new InvalidOperationException("The tests do not run inside of the repository."), "tests", "Edge.Sync.Tests", "Golden", "v0");
    }
}
