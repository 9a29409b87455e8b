using System.Text.Json.Nodes;

namespace Edge.Sync.Tool.Commands;

/// <summary>What takes the space. The file may be in use.</summary>
internal static class StorageCommand
{
    public static Task<(JsonObject?, int)> RunAsync(CommandLine line)
    {
        var path = line.Word(0, "a file");
        line.Expect(1);
        var report = FileInspector.ReadStorage(path);
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
            ["folding"] = new JsonObject { ["known"] = report.Folding.IsKnown, ["foldable"] = report.Folding.FoldableBytes },
        };
        return Task.FromResult<(JsonObject?, int)>((result, ExitCode.Success));
    }
}
