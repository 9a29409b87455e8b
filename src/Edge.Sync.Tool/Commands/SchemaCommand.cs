using System.Text.Json.Nodes;

namespace Edge.Sync.Tool.Commands;

/// <summary>Writes the schema lock file of a built app, or says why it must not be written.</summary>
internal static class SchemaCommand
{
    public static Task<(JsonObject?, int)> RunAsync(CommandLine line)
    {
        var assembly = line.Word(0, "the app's assembly");
        var path = line.OptionalWord(1) ?? LockedSchema.FileName;
        line.Expect(2, "--retire", "--check");
        var now = AssemblySchema.Read(assembly);
        var before = File.Exists(path) ? LockedSchema.Parse(File.ReadAllBytes(path)) : new LockedSchema();
        var problems = new List<string>();
        var next = before.Follow(now, line.Has("--retire"), problems);
        var json = next.ToJson();
        var isSame = File.Exists(path) && json.AsSpan().SequenceEqual(File.ReadAllBytes(path));
        var writes = problems.Count == 0 && !isSame && !line.Has("--check");
        if (writes) File.WriteAllBytes(path, json);
        var result = new JsonObject
        {
            ["file"] = path,
            ["written"] = writes,
            ["current"] = isSame || writes,
            ["collections"] = next.Collections.Count,
            ["lines"] = next.Collections.Values.Sum(static lines => lines.Count),
            ["problems"] = new JsonArray([.. problems.Select(static problem => JsonValue.Create(problem))]),
        };
        return Task.FromResult<(JsonObject?, int)>((result, problems.Count == 0 && (isSame || writes) ? ExitCode.Success : ExitCode.Unsound));
    }
}
