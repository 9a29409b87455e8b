using System.Text.Json.Nodes;

namespace Edge.Sync.Tests.Tool;

/// <summary>edge-sync, run as a user runs it: as a process.</summary>
internal sealed record ToolRun(int ExitCode, List<string> Output, string Errors)
{
    public string Text => string.Join('\n', Output);

    public JsonNode Json => JsonNode.Parse(Text)!;

    public static async Task<ToolRun> RunAsync(TempFolder folder, params string[] arguments)
    {
        using var child = ChildProcess.Start(ChildProcess.Built("Edge.Sync.Tool"), folder.Path, arguments);
        var output = await child.ReadToEndAsync();
        return new(child.ExitCode, output, child.Errors);
    }
}
