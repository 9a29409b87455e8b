using System.Globalization;
using System.Text.Json.Nodes;

namespace Edge.Sync.Tool.Commands;

/// <summary>What a new version of an app would not read of a real log. The file may be in use.</summary>
internal static class PreflightCommand
{
    public static Task<(JsonObject?, int)> RunAsync(CommandLine line)
    {
        var path = line.Word(0, "a file");
        line.Expect(1, "--schema");
        var schema = LockedSchema.Parse(File.ReadAllBytes(line.Option("--schema") ?? LockedSchema.FileName));
        var report = Preflight.Run(path, schema);
        var result = new JsonObject
        {
            ["reads"] = report.IsRead,
            ["changes"] = report.ChangeCount,
            ["sections"] = report.SectionCount,
            ["void"] = report.VoidCount,
            ["unread"] = new JsonArray([.. report.Findings.Select(static finding => new JsonObject
            {
                ["collection"] = finding.Collection,
                ["field"] = finding.Path,
                ["found"] = finding.Found,
                ["schema"] = finding.Expected ?? "nothing",
                ["operations"] = finding.OperationCount,
                ["documents"] = finding.DocumentCount,
                ["example"] = finding.Document.ToString(),
                ["last"] = finding.Last.ToString("u", CultureInfo.InvariantCulture),
            })]),
        };
        return Task.FromResult<(JsonObject?, int)>((result, report.IsRead ? ExitCode.Success : ExitCode.Unsound));
    }
}
