using System.Diagnostics;
using System.Threading.Channels;

namespace Samples.Tests;

/// <summary>A sample as a process: its lines can be awaited, and it is killed at the latest when the test ends.</summary>
internal sealed class SampleProcess : IAsyncDisposable
{
    /// <summary>How long to wait for a line: far longer than any takes.</summary>
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(90);

    private readonly Process _process;
    private readonly Channel<string> _lines = Channel.CreateUnbounded<string>();
    private readonly Task _reading;
    private readonly List<string> _errors = [];

    public SampleProcess(string executable, string folder, params string[] arguments)
    {
        var start = new ProcessStartInfo(executable, arguments) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true };
        _process = Process.Start(start) ?? throw new InvalidOperationException($"{executable} does not start.");
        _process.ErrorDataReceived += (_, e) => { if (e.Data is not null) lock (_errors) _errors.Add(e.Data); };
        _process.BeginErrorReadLine();
        _reading = ReadAsync();
    }

    public int ExitCode => _process.ExitCode;

    public string Errors
    {
        get { lock (_errors) return string.Join('\n', _errors); }
    }

    /// <summary>The executable of a sample, as this configuration built it.</summary>
    public static string PathOf(string sample)
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        var path = Path.Combine(folder.Parent!.Parent!.FullName, sample, folder.Name, sample);
        return File.Exists(path) ? path : path + ".exe";
    }

    /// <summary>Reads lines until one fulfils the condition, and returns all that were read.</summary>
    public async Task<List<string>> ReadUntilAsync(Func<string, bool> condition)
    {
        var lines = new List<string>();
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(s_patience);
        try
        {
            await foreach (var line in _lines.Reader.ReadAllAsync(patience.Token))
            {
                lines.Add(line);
                if (condition(line)) return lines;
            }
        }
        catch (OperationCanceledException e) when (patience.IsCancellationRequested)
        {
            throw new TimeoutException($"The line did not come. The process wrote:\n{string.Join('\n', lines)}\n{Errors}", e);
        }
        throw new InvalidOperationException($"The process ended first. It wrote:\n{string.Join('\n', lines)}\n{Errors}");
    }

    public async Task<List<string>> ReadToEndAsync()
    {
        var lines = new List<string>();
        await foreach (var line in _lines.Reader.ReadAllAsync(TestContext.Current.CancellationToken))
            lines.Add(line);
        await _process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return lines;
    }

    /// <summary>Ends the process as a power switch would: it gets no chance to tidy up.</summary>
    public async Task KillAsync()
    {
        if (!_process.HasExited) _process.Kill();
        await _process.WaitForExitAsync();
        await _reading;
    }

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        _process.Dispose();
    }

    private async Task ReadAsync()
    {
        while (await _process.StandardOutput.ReadLineAsync() is { } line)
            _lines.Writer.TryWrite(line);
        _lines.Writer.Complete();
    }
}
