using System.Text.Json.Nodes;

namespace Edge.Sync.Tool.Commands;

/// <summary>All changes as lines of JSON.</summary>
internal static class ExportCommand
{
    public static async Task<(JsonObject?, int)> RunAsync(CommandLine line, IProgress<long> progress)
    {
        var path = line.Word(0, "a file");
        var target = line.OptionalWord(1);
        line.Expect(2);
        await using var database = await DatabaseFile.OpenAsync(path).ConfigureAwait(false);
        if (target is null or "-")
        {
            await using var output = Console.OpenStandardOutput();
            await database.ExportAsync(output, progress).ConfigureAwait(false);
            return (null, ExitCode.Success);
        }
        await using var file = new FileStream(target, FileMode.CreateNew);
        var count = await database.ExportAsync(file, progress).ConfigureAwait(false);
        return (new() { ["path"] = target, ["changes"] = count }, ExitCode.Success);
    }
}
