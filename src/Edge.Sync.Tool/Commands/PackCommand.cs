using System.Text.Json.Nodes;

namespace Edge.Sync.Tool.Commands;

/// <summary>Packs the old part of the log, and gives the room back.</summary>
internal static class PackCommand
{
    public static async Task<(JsonObject?, int)> RunAsync(CommandLine line, IProgress<long> progress)
    {
        var path = line.Word(0, "a file");
        line.Expect(1);
        var before = new FileInfo(path).Length;
        long count;
        var database = await DatabaseFile.OpenAsync(path).ConfigureAwait(false);
        await using (database.ConfigureAwait(false))
            count = await database.PackAsync(progress).ConfigureAwait(false);
        FileInspector.Pack(path);
        return (new() { ["path"] = path, ["changes"] = count, ["bytesBefore"] = before, ["bytes"] = new FileInfo(path).Length }, ExitCode.Success);
    }
}
