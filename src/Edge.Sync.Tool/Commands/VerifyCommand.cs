using System.Text.Json.Nodes;

namespace Edge.Sync.Tool.Commands;

/// <summary>Proves a file. The exit code is the verdict.</summary>
internal static class VerifyCommand
{
    public static async Task<(JsonObject?, int)> RunAsync(CommandLine line, IProgress<long> progress)
    {
        var path = line.Word(0, "a file");
        line.Expect(1);
        var report = await EdgeDatabase.VerifyAsync(path, progress).ConfigureAwait(false);
        return (ToJson(report), report.IsSound ? ExitCode.Success : ExitCode.Unsound);
    }

    public static JsonObject ToJson(VerificationReport report) => new()
    {
        ["sound"] = report.IsSound,
        ["changes"] = report.ChangeCount,
        ["seals"] = report.SealCount,
        ["documents"] = report.DocumentCount,
        ["purged"] = report.PurgedCount,
        ["incomplete"] = report.IncompleteCount,
        ["waiting"] = report.WaitingCount,
        ["rows"] = report.RowCount,
        ["points"] = report.PointCount,
        ["void"] = report.VoidCount,
        ["faultCount"] = report.FaultCount,
        ["faults"] = new JsonArray([.. report.Faults.Select(static fault => new JsonObject { ["subject"] = fault.Subject.ToString().ToLowerInvariant(), ["message"] = fault.Message })]),
    };
}
