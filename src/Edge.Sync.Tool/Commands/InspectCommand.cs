using System.Text.Json.Nodes;

namespace Edge.Sync.Tool.Commands;

/// <summary>Whose replica a file is, its feeds and collections. The file may be in use.</summary>
internal static class InspectCommand
{
    public static Task<(JsonObject?, int)> RunAsync(CommandLine line)
    {
        var path = line.Word(0, "a file");
        line.Expect(1);
        var file = FileInspector.Inspect(path);
        var result = new JsonObject
        {
            ["path"] = path,
            ["database"] = file.Name,
            ["databaseId"] = file.DatabaseId,
            ["replica"] = file.Replica,
            ["format"] = file.FormatVersion,
            ["isCopy"] = file.IsCopy,
            ["changes"] = file.ChangeCount,
            ["keys"] = file.KeyCount,
            ["feeds"] = new JsonArray([.. file.Feeds.Select(feed => new JsonObject
            {
                ["replica"] = feed.Replica,
                ["last"] = feed.Last,
                ["head"] = feed.IsHead,
                ["own"] = feed.Replica == file.Replica,
                ["unsealed"] = feed.UnsealedCount,
                ["lastId"] = feed.LastId,
            })]),
            ["collections"] = new JsonArray([.. file.Collections.Select(static collection => new JsonObject { ["collection"] = collection.Name, ["documents"] = collection.DocumentCount, ["deleted"] = collection.DeletedCount })]),
        };
        return Task.FromResult<(JsonObject?, int)>((result, ExitCode.Success));
    }
}
