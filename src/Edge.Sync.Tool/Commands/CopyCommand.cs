using System.Text.Json.Nodes;

namespace Edge.Sync.Tool.Commands;

/// <summary>A copy that opens as a replica of its own. A seed is verified and packed as well: it is shipped to many.</summary>
internal static class CopyCommand
{
    public static async Task<(JsonObject?, int)> RunAsync(CommandLine line, bool isSeed, IProgress<long> progress)
    {
        var (path, target) = (line.Word(0, "a file and a target"), line.Word(1, "a target"));
        line.Expect(2);
        VerificationReport? report = null;
        if (isSeed)
        {
            report = await EdgeDatabase.VerifyAsync(path, progress).ConfigureAwait(false);
            if (!report.IsSound) return (VerifyCommand.ToJson(report), ExitCode.Unsound);
        }
        var database = await DatabaseFile.OpenAsync(path).ConfigureAwait(false);
        await using (database.ConfigureAwait(false))
            await database.BackupAsync(target).ConfigureAwait(false);
        if (isSeed) FileInspector.Pack(target);
        return (new() { ["path"] = target, ["bytes"] = new FileInfo(target).Length, ["changes"] = FileInspector.Inspect(target).ChangeCount, ["keys"] = FileInspector.Inspect(target).KeyCount, ["verified"] = report is not null }, ExitCode.Success);
    }
}
