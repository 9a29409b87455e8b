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
        var database = await DatabaseFile.OpenAsync(path).ConfigureAwait(false);
        await using (database.ConfigureAwait(false))
        {
            var output = target is null or "-" ? Console.OpenStandardOutput() : new FileStream(target, FileMode.CreateNew);
            await using (output.ConfigureAwait(false))
            {
                var count = await database.ExportAsync(output, progress).ConfigureAwait(false);
                return (output is FileStream ? new() { ["path"] = target, ["changes"] = count } : null, ExitCode.Success);
            }
        }
    }
}
