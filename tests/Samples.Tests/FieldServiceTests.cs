using Edge.Sync.Tests;

namespace Samples.Tests;

public class FieldServiceTests
{
    private const string Story = """
        add pump Replace pump 7
        minutes pump 30
        wait
        offline
        title pump Replace pump 7 today
        van
        title pump Pump 7: seal only
        minutes pump 45
        note pump Seal replaced.
        minutes pump 1000
        undo
        show
        online
        wait
        office
        wait
        conflicts
        restore 1
        wait
        conflicts
        show
        done pump
        wait
        title fan Nobody knows it
        undo
        undo
        what is this
        quit
        add never Reached
        """;

    [Fact]
    public async Task Two_sides_edit_offline_and_come_together_with_a_conflict_that_is_settled_and_undo()
    {
        using var folder = new TempFolder();
        await File.WriteAllTextAsync(folder["story.txt"], Story, TestContext.Current.CancellationToken);
        using var service = ChildProcess.Start(ChildProcess.Built("FieldService"), folder.Path, ".", "story.txt");
        var lines = await service.ReadToEndAsync();
        Assert.Equal("", service.Errors);
        Assert.Equal(0, service.ExitCode);

        // Live lists tell by themselves what came from the other side.
        Assert.Contains("office sees pump", lines);
        Assert.Contains("van sees pump", lines);
        Assert.Contains(lines, static line => line is "office sees no job" or "van sees no job");
        // Offline each side has its own: the first view is of both.
        var views = lines.FindAll(static line => line.Contains("  pump  ", StringComparison.Ordinal));
        Assert.Equal(4, views.Count);
        AssertRow(views[0], "Replace pump 7 today", "30", "");
        AssertRow(views[1], "Pump 7: seal only", "75", "Seal replaced.");
        Assert.Contains(lines, static line => line.Contains("van · offline", StringComparison.Ordinal));
        // Then both are one: minutes of both, the note, and the title that was taken from the conflict.
        Assert.Contains("1. Title: 'Replace pump 7 today' lost to 'Pump 7: seal only'", lines);
        Assert.Contains("office has no conflicts", lines);
        AssertRow(views[2], "Replace pump 7 today", "75", "Seal replaced.");
        AssertRow(views[3], "Replace pump 7 today", "75", "Seal replaced.");

        Assert.Equal(3, lines.Count(static line => line == "undone"));
        Assert.Contains("office has no job 'fan'", lines);
        Assert.Contains(lines, static line => line.StartsWith("office | van", StringComparison.Ordinal)); // what can be typed, since that cannot
        Assert.DoesNotContain(lines, static line => line.Contains("never", StringComparison.Ordinal));
        Assert.DoesNotContain(lines, static line => line.Contains('\u001b', StringComparison.Ordinal)); // no colours where there is no terminal
    }

    [Fact]
    public void App_is_under_300_lines()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Edge.Sync.sln"))) folder = folder.Parent!;
        var lines = Directory.EnumerateFiles(Path.Combine(folder.FullName, "samples", "FieldService"), "*.cs").Sum(static file => File.ReadAllLines(file).Length);
        Assert.InRange(lines, 100, 299);
    }

    [Fact]
    public async Task Script_that_is_missing_ends_in_one_clear_error()
    {
        using var folder = new TempFolder();
        using var service = ChildProcess.Start(ChildProcess.Built("FieldService"), folder.Path, ".", "missing.txt");
        await service.ReadToEndAsync();
        Assert.Equal(1, service.ExitCode);
        Assert.Contains("missing.txt", service.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", service.Errors, StringComparison.Ordinal);
    }

    private static void AssertRow(string line, string title, string minutes, string notes)
    {
        foreach (var part in (string[])[title, $"  {minutes}  ", notes]) Assert.Contains(part, line, StringComparison.Ordinal);
    }
}
