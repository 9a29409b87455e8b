using System.Globalization;
using System.Text.Json.Nodes;

namespace Edge.Sync.Tool.Commands;

/// <summary>What takes the space. The file may be in use.</summary>
internal static class StorageCommand
{
    public static Task<(JsonObject?, int)> RunAsync(CommandLine line, IProgress<long> progress)
    {
        var path = line.Word(0, "a file");
        line.Expect(1);
        var report = FileInspector.ReadStorage(path);
        var folding = FileInspector.ReadFolding(path, progress);
        var result = new JsonObject
        {
            ["fileBytes"] = report.FileBytes,
            ["writeAheadBytes"] = report.WriteAheadBytes,
            ["changes"] = report.ChangeCount,
            ["packed"] = new JsonObject { ["changes"] = report.PackedCount, ["bytes"] = report.PackedBytes },
            ["purged"] = report.PurgedCount,
            ["mayEvict"] = report.MayEvict,
            ["evicted"] = report.EvictedCount,
            ["incomplete"] = report.IncompleteCount,
            ["holes"] = report.HoleCount,
            ["classes"] = new JsonObject
            {
                ["log"] = report.LogBytes,
                ["states"] = report.StateBytes,
                ["history"] = report.HistoryBytes,
                ["tables"] = report.TableBytes,
                ["conflicts"] = report.ConflictBytes,
                ["waiting"] = report.WaitingBytes,
                ["series"] = report.SeriesBytes,
                ["events"] = report.EventBytes,
                ["readModels"] = report.ReadModelBytes,
                ["search"] = report.SearchBytes,
                ["undo"] = report.UndoBytes,
                ["free"] = report.FreeBytes,
                ["overhead"] = report.OverheadBytes,
            },
            ["collections"] = new JsonArray([.. report.Collections.Select(static collection => new JsonObject
            {
                ["collection"] = collection.Collection,
                ["documents"] = collection.DocumentCount,
                ["deleted"] = collection.DeletedCount,
                ["states"] = collection.StateBytes,
                ["table"] = collection.TableBytes,
            })]),
            ["series"] = new JsonArray([.. report.Series.Select(static series => new JsonObject
            {
                ["series"] = series.Series,
                ["keys"] = series.KeyCount,
                ["points"] = series.PointCount,
                ["buckets"] = series.BucketCount,
                ["bytes"] = series.Bytes,
            })]),
            ["seenByAll"] = new JsonArray([Seen(null, folding.Bytes, folding.FoldableBytes), .. folding.Collections.Select(static of => Seen(of.Collection, of.Bytes, of.FoldableBytes))]),
            ["heldBackBy"] = new JsonArray([.. Holders(null, folding.HeldBackBy), .. folding.Collections.SelectMany(static of => Holders(of.Collection, of.HeldBackBy))]),
        };
        return Task.FromResult<(JsonObject?, int)>((result, ExitCode.Success));
    }

    // Without a collection: the whole log.
    private static JsonObject Seen(string? collection, long bytes, long seenByAll) => new() { ["collection"] = collection, ["bytes"] = bytes, ["seenByAll"] = seenByAll };

    private static IEnumerable<JsonObject> Holders(string? collection, IReadOnlyList<FoldHolder> holders) => holders.Select(holder => new JsonObject
    {
        ["collection"] = collection,
        ["replica"] = holder.Replica.ToString(),
        ["thisReplica"] = holder.IsThisReplica,
        ["lastChange"] = holder.LastChangeAt.ToString("u", CultureInfo.InvariantCulture),
        ["bytes"] = holder.Bytes,
    });
}
