using Edge.Sync.Tests;

namespace Samples.Tests;

public class VoiceActivityTests
{
    /// <summary>A published model is fetched when the sample is prepared, and is not in the repository.</summary>
    private static readonly string s_model = Path.Combine(new DirectoryInfo(AppContext.BaseDirectory).Parent!.Parent!.Parent!.FullName, "models", "silero_vad_v5.onnx");

    [Fact]
    public async Task Voice_is_found_where_it_is_and_a_fan_is_none()
    {
        Assert.SkipUnless(File.Exists(s_model), $"'{s_model}' is not there: run samples/VoiceActivity/prepare.sh, which needs npm.");
        var (lines, errors, exitCode) = await RunAsync("--model", s_model);
        Assert.Equal(("", 0), (errors, exitCode));
        Assert.Equal("322 frames of 32 ms", lines[^1]);
        var words = Assert.Single(lines[..^1]).Split(' ');
        // From second 3 to 6; a frame is 32 ms, and a voice ends softly.
        Assert.Equal(3, double.Parse(words[0], System.Globalization.CultureInfo.InvariantCulture), 0.3);
        Assert.Equal(6, double.Parse(words[3], System.Globalization.CultureInfo.InvariantCulture), 0.3);
    }

    [Fact]
    public async Task What_is_missing_is_named()
    {
        var (_, errors, exitCode) = await RunAsync("--model", "missing.onnx");
        Assert.Equal(2, exitCode);
        Assert.Contains("prepare.sh", errors, StringComparison.Ordinal);
        using var folder = new TempFolder();
        await File.WriteAllTextAsync(folder["a.wav"], "no sound", TestContext.Current.CancellationToken);
        (_, errors, exitCode) = await RunAsync("--model", folder["a.wav"], folder["a.wav"]);
        Assert.Equal(2, exitCode);
        Assert.Contains("is no WAV file", errors, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", errors, StringComparison.Ordinal);
    }

    private static async Task<(List<string> Lines, string Errors, int ExitCode)> RunAsync(params string[] arguments)
    {
        using var folder = new TempFolder();
        using var sample = ChildProcess.Start(ChildProcess.Built("VoiceActivity"), folder.Path, arguments);
        var lines = await sample.ReadToEndAsync();
        return (lines, sample.Errors, sample.ExitCode);
    }
}
