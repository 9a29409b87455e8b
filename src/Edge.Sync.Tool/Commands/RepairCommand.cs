using System.Text.Json.Nodes;

namespace Edge.Sync.Tool.Commands;

/// <summary>Saves what is whole of a damaged file.</summary>
internal static class RepairCommand
{
    public static async Task<(JsonObject?, int)> RunAsync(CommandLine line, IProgress<long> progress)
    {
        var path = line.Word(0, "a file");
        line.Expect(1, "--name", "--pairing-key");
        var report = await EdgeDatabase.RepairAsync(path, new() { Name = line.Option("--name") ?? "default", PairingKey = line.PairingKey(), Progress = progress }).ConfigureAwait(false);
        var result = new JsonObject
        {
            ["complete"] = report.IsComplete,
            ["path"] = report.Path,
            ["damagedPath"] = report.DamagedPath,
            ["saved"] = report.SavedCount,
            ["savedOwn"] = report.SavedOwnCount,
            ["unsealed"] = report.UnsealedCount,
            ["stranded"] = report.StrandedCount,
            ["strandedPath"] = report.StrandedPath,
            ["damaged"] = report.DamagedCount,
            ["documents"] = report.DocumentCount,
            ["points"] = report.PointCount,
            ["losses"] = new JsonArray([.. report.Losses.Select(static loss => new JsonObject { ["replica"] = loss.Replica, ["savedLast"] = loss.SavedLast, ["knownLast"] = loss.KnownLast })]),
        };
        return (result, report.IsComplete ? ExitCode.Success : ExitCode.Unsound);
    }
}
