using System.Diagnostics;
using System.Text;
using System.Threading.Channels;

namespace Edge.Sync.Tests;

/// <summary>A program that a test starts, listens to and kills, by its handle. It never outlives the test.</summary>
internal sealed class ChildProcess : IDisposable
{
    /// <summary>How long to wait for a line or an end: far longer than either takes.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    private readonly Process _process;
    private readonly Channel<string> _lines = Channel.CreateUnbounded<string>();
    private readonly StringBuilder _errors = new();

    private ChildProcess(Process process) => _process = process;

    public int Id => _process.Id;

    public int ExitCode => _process.ExitCode;

    /// <summary>What it has written to its error stream.</summary>
    public string Errors
    {
        get { lock (_errors) return _errors.ToString(); }
    }

    /// <summary>The executable of a project of this repository, in the configuration that the tests are built in.</summary>
    public static string Built(string project)
    {
        var own = new DirectoryInfo(AppContext.BaseDirectory); // artifacts/bin/<project>/<configuration>
        return Path.Combine(own.Parent!.Parent!.FullName, project, own.Name, OperatingSystem.IsWindows() ? project + ".exe" : project);
    }

    public static ChildProcess Start(string executable, string folder, params string[] arguments)
    {
        var child = new ChildProcess(new()
        {
            StartInfo = new(executable, arguments) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false, StandardOutputEncoding = Encoding.UTF8 },
        });
        child._process.OutputDataReceived += (_, e) =>
        {
            if (e.Data is null) child._lines.Writer.TryComplete();
            else child._lines.Writer.TryWrite(e.Data);
        };
        child._process.ErrorDataReceived += (_, e) => { if (e.Data is not null) lock (child._errors) child._errors.AppendLine(e.Data); };
        child._process.Start();
        child._process.BeginOutputReadLine();
        child._process.BeginErrorReadLine();
        return child;
    }

    /// <summary>The next line of the output.</summary>
    public Task<string> ReadLineAsync() => WaitForLineAsync(static _ => true);

    /// <summary>Reads lines up to the first that <paramref name="condition"/> holds for.</summary>
    public async Task<string> WaitForLineAsync(Func<string, bool> condition)
    {
        var seen = new List<string>();
        using var patience = new CancellationTokenSource(Patience);
        try
        {
            await foreach (var line in _lines.Reader.ReadAllAsync(patience.Token))
            {
                if (condition(line)) return line;
                seen.Add(line);
            }
        }
        catch (OperationCanceledException) { throw new TimeoutException(Describe("It did not say what was waited for.", seen)); }
        throw new InvalidOperationException(Describe("It ended before it said what was waited for.", seen));
    }

    /// <summary>Waits until it has ended by itself. Gives the lines that nobody had read.</summary>
    public async Task<List<string>> ReadToEndAsync()
    {
        using var patience = new CancellationTokenSource(Patience);
        var lines = await _lines.Reader.ReadAllAsync(patience.Token).ToListAsync(patience.Token);
        await _process.WaitForExitAsync(patience.Token);
        return lines;
    }

    /// <summary>Kills it as the system kills: no cleaning up. Gives the lines that it had written and nobody had read.</summary>
    public async Task<List<string>> KillAsync()
    {
        _process.Kill();
        using var patience = new CancellationTokenSource(Patience);
        await _process.WaitForExitAsync(patience.Token);
        return await _lines.Reader.ReadAllAsync(patience.Token).ToListAsync(patience.Token);
    }

    public void Dispose()
    {
        try { _process.Kill(); }
        catch (InvalidOperationException) { /* it has ended */ }
        _process.Dispose();
    }

    private string Describe(string problem, List<string> seen)
    {
        lock (_errors) return $"{problem} Output: {string.Join(Environment.NewLine, seen)} Errors: {_errors}";
    }
}
