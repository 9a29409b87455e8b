using System.Diagnostics;
using Edge.Sync.Documents;
using Edge.Sync.Log;
using Edge.Sync.Storage;
using Edge.Sync.Storage.Segments;

namespace Edge.Sync.Benchmarks.Store;

/// <summary>Reading a long log: folding it, making all that follows from it, proving it. And what a keystroke in a long text costs.</summary>
internal static class ReplayBenchmark
{
    private const int Changes = 200_000, Documents = 5000, Keystrokes = 2000, TextLength = 105_000;

    public static async Task RunAsync(string folder)
    {
        var path = Path.Combine(folder, "replay.db");
        // Packed where that is measured, not before.
        await using (var db = await EdgeDatabase.OpenAsync(new EdgeDatabaseOptions { Path = path, PacksByItself = false }))
        {
            await db.Documents<Reading>().CountAsync();
            var opened = await db.OpenedAsync(default);
            await opened.Writer.RunAloneAsync(replica =>
            {
                for (var i = 0; i < Changes;)
                {
                    replica.Begin();
                    for (var end = i + 1000; i < end; i++)
                        replica.Edit(draft => Attach<Reading>(draft, DocumentId.Named($"sensor {i % Documents}")).Value = i);
                    replica.Commit();
                }
                return true;
            });
            var log = new DatabaseSyncLog(opened);
            await log.SyncAsync(default);
            for (var round = 0; round < 3; round++)
            {
                var (fold, all) = await opened.Writer.RunAloneAsync(replica =>
                {
                    var start = Stopwatch.GetTimestamp();
                    replica.Rebuild();
                    var fold = Stopwatch.GetElapsedTime(start).TotalSeconds;
                    start = Stopwatch.GetTimestamp();
                    replica.RebuildAll();
                    return (fold, Stopwatch.GetElapsedTime(start).TotalSeconds);
                });
                var verify = Stopwatch.GetTimestamp();
                var report = await db.VerifyAsync();
                if (!report.IsSound) throw new InvalidOperationException(report.Faults[0].ToString());
                Console.WriteLine($"replay (read and fold) {Changes / fold:N0} changes/s, with all tables written {Changes / all:N0}/s, verified {Changes / Stopwatch.GetElapsedTime(verify).TotalSeconds:N0}/s ({report.SealCount} seals)");
            }
            await PackAsync(db, opened);
        }
        await KeystrokesAsync(folder);
    }

    private static async Task PackAsync(EdgeDatabase db, EdgeDatabase.Opened opened)
    {
        var before = await db.GetStorageAsync();
        var start = Stopwatch.GetTimestamp();
        var count = await db.PackAsync();
        var pack = Stopwatch.GetElapsedTime(start).TotalSeconds;
        var after = await db.GetStorageAsync();
        var (headers, columns) = await opened.Writer.RunAloneAsync(replica =>
        {
            using var log = new LogReader(((SqliteStore)replica.Store).Connection);
            var segment = log.SegmentOf(LogSegment.ChangesMax + 1)!;
            return (segment.Changes.Average(static stored => Change.Parse(stored.Bytes).HeaderBytes.Length), segment.ColumnBytes / (double)segment.Changes.Count);
        });
        start = Stopwatch.GetTimestamp();
        await opened.Writer.RunAloneAsync(static replica => replica.Rebuild());
        Console.WriteLine($"packed {count:N0} changes in {pack:N2} s: {after.PackedBytes / (double)count:N1} bytes a change, {columns:N1} of them header and framing; before {before.LogBytes / (double)before.ChangeCount:N1} and an id of 32, header {headers:N1}; replay {Changes / Stopwatch.GetElapsedTime(start).TotalSeconds:N0} changes/s");
    }

    private static async Task KeystrokesAsync(string folder)
    {
        await using var db = await EdgeDatabase.OpenAsync(Path.Combine(folder, "text.db"));
        var pages = db.Documents<Page>();
        var id = DocumentId.Named("page");
        var random = new Random(1);
        await pages.EditAsync(id, static page => page.Text.Append(new string('x', TextLength)));
        var wal = new FileInfo(Path.Combine(folder, "text.db-wal"));
        var latencies = new List<double>();
        var store = (SqliteStore)(await db.OpenedAsync(default)).Replica.Store;
        SQLitePCL.raw.sqlite3_db_status(store.Connection.Handle, 9, out var before, out _, 0);
        for (var i = 0; i < Keystrokes; i++)
        {
            var start = Stopwatch.GetTimestamp();
            await pages.EditAsync(id, random.Next(TextLength), static (page, at) => page.Text.Insert(at, "y"));
            latencies.Add(StoreCommand.Microseconds(Stopwatch.GetTimestamp() - start));
        }
        SQLitePCL.raw.sqlite3_db_status(store.Connection.Handle, 9, out var after, out _, 0);
        latencies.Sort();
        Console.WriteLine($"a keystroke in a text of {TextLength:N0} characters: p50 {latencies[Keystrokes / 2]:N0} p99 {latencies[Keystrokes * 99 / 100]:N0} max {latencies[^1]:N0} µs, {(after - before) / (double)Keystrokes:N1} pages of 4 KB (the text's column is one of the SQL row's: {TextLength / 4096} pages)");
    }

    private static T Attach<T>(ChangeDraft draft, DocumentId id) where T : class, IEdgeDocument<T> => T.Attach(draft.Open(T.Schema, id));
}
