using System.Diagnostics;
using Edge.Sync.Documents;
using Edge.Sync.Log;

namespace Edge.Sync.Benchmarks.Store;

/// <summary>Commits one by one, and in batches.</summary>
internal static class CommitBenchmark
{
    private const int Commits = 4000, Rounds = 5, Documents = 1000, BatchEdits = 1000, Batches = 40;

    public static async Task RunAsync(string folder)
    {
        // Packing goes on beside edits and would be measured with them.
        await using var db = await EdgeDatabase.OpenAsync(new EdgeDatabaseOptions { Path = Path.Combine(folder, "commit.db"), PacksByItself = false });
        using var raw = new RawSqlite(Path.Combine(folder, "raw.db"));
        var readings = db.Documents<Reading>();
        var ids = Enumerable.Range(0, Documents).Select(static i => DocumentId.Named($"sensor {i}")).ToArray();
        foreach (var id in ids)
            await readings.EditAsync(id, static reading => reading.Sensor = "press 7, bearing");
        var opened = await db.OpenedAsync(default);
        var replica = opened.Replica;
        var bytes = new byte[replica.Store.ReadChanges(Documents / 2, 1)[0].Bytes.Length];
        Random.Shared.NextBytes(bytes);
        Console.WriteLine($"a change: {bytes.Length} bytes");

        using var rows = new RawRows(Path.Combine(folder, "rows.db"), Documents);
        var rawSingle = new List<double>();
        var rowsSingle = new List<double>();
        var rowsBatch = new List<double>();
        var oneChange = new List<double>();
        var replicaSingle = new List<double>();
        var editSingle = new List<double>();
        var rawBatch = new List<double>();
        var oursBatch = new List<double>();
        var latencies = new List<double>();
        for (var round = 0; round < Rounds; round++)
        {
            rawSingle.Add(Each(Commits, _ => raw.Commit(bytes, 1)));
            rowsSingle.Add(Each(Commits, _ => rows.Commit(bytes, 1, Documents)));
            // On the writer's own path, without the hand-over between threads.
            replicaSingle.Add(await opened.Writer.RunAloneAsync(replica => Each(Commits, i => Edit(replica, ids[i % Documents], i))));
            var watch = Timing.Now;
            for (var i = 0; i < Commits; i++)
            {
                var start = Stopwatch.GetTimestamp();
                await readings.EditAsync(ids[i % Documents], i, static (reading, i) => reading.Value = i);
                latencies.Add(StoreCommand.Microseconds(Stopwatch.GetTimestamp() - start));
            }
            editSingle.Add((Timing.Now - watch) * 1000 / Commits);
            rawBatch.Add(Each(Batches, _ => raw.Commit(bytes, BatchEdits)) / BatchEdits);
            rowsBatch.Add(Each(Batches, _ => rows.Commit(bytes, BatchEdits, Documents)) / BatchEdits);
            var change = Timing.Now;
            for (var n = 0; n < Batches; n++)
                await db.EditAsync(change =>
                {
                    for (var i = 0; i < BatchEdits; i++)
                        change.Document<Reading>(ids[i % Documents]).Value = i + n;
                });
            oneChange.Add((Timing.Now - change) * 1000 / Batches / BatchEdits);
            var batch = Timing.Now;
            for (var n = 0; n < Batches; n++)
                await Task.WhenAll(Enumerable.Range(0, BatchEdits).Select(i => readings.EditAsync(ids[i % Documents], i, static (reading, i) => reading.Value = i)));
            oursBatch.Add((Timing.Now - batch) * 1000 / Batches / BatchEdits);
        }
        latencies.Sort();
        var allocated = await opened.Writer.RunAloneAsync(replica => Allocated(replica, ids));
        Show("raw SQLite, one row a commit", rawSingle, rawSingle);
        Show("raw SQLite, the same four rows a commit", rowsSingle, rawSingle);
        Show("one change a commit, on the writer", replicaSingle, rawSingle);
        Show("one change a commit, EditAsync awaited", editSingle, rawSingle);
        Console.WriteLine($"  EditAsync p50 {latencies[latencies.Count / 2]:N0} p99 {latencies[latencies.Count * 99 / 100]:N0} p99.9 {latencies[latencies.Count * 999 / 1000]:N0} max {latencies[^1]:N0} µs");
        Show("raw SQLite, 1,000 rows a commit, a row", rawBatch, rawBatch);
        Show("raw SQLite, the same rows, an edit", rowsBatch, rawBatch);
        Show("1,000 edits in one change, an edit", oneChange, rawBatch);
        Show("1,000 edits at once, an edit", oursBatch, rawBatch);
        Console.WriteLine($"allocated by an edit on the writer: {allocated.Edit:N0} bytes; by appending its change to the log: {allocated.Append:N0}");
    }

    private static (double Edit, double Append) Allocated(Replica replica, DocumentId[] ids)
    {
        const int Edits = 1000;
        replica.Begin();
        var start = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < Edits; i++)
            replica.Edit(draft => Attach<Reading>(draft, ids[i % Documents]).Value = i);
        var edit = GC.GetAllocatedBytesForCurrentThread() - start;
        replica.Commit();
        var change = Change.Parse(replica.Store.ReadChanges(0, 1)[0].Bytes);
        replica.Begin();
        var others = new Change[Edits];
        for (var i = 0; i < Edits; i++)
            others[i] = Change.Create(change.Header with { First = (ulong)(i + 1) * 1_000_000_000, Owner = null }, change.Body.Span);
        replica.Store.Append(others[0], default);
        start = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 1; i < Edits; i++)
            replica.Store.Append(others[i], default);
        var append = GC.GetAllocatedBytesForCurrentThread() - start;
        replica.Rollback();
        return (edit / (double)Edits, append / (double)(Edits - 1));
    }

    private static void Edit(Replica replica, DocumentId id, int value)
    {
        replica.Begin();
        replica.Edit(draft => Attach<Reading>(draft, id).Value = value);
        replica.Commit();
    }

    private static T Attach<T>(ChangeDraft draft, DocumentId id) where T : class, IEdgeDocument<T> => T.Attach(draft.Open(T.Schema, id));

    private static double Each(int count, Action<int> action)
    {
        var start = Timing.Now;
        for (var i = 0; i < count; i++)
            action(i);
        return (Timing.Now - start) * 1000 / count;
    }

    private static void Show(string what, List<double> micros, List<double> floor)
    {
        micros.Sort();
        floor.Sort();
        Console.WriteLine($"{what}: {StoreCommand.Format(micros[micros.Count / 2])} µs ({StoreCommand.Format(micros[0])} .. {StoreCommand.Format(micros[^1])}), {floor[floor.Count / 2] / micros[micros.Count / 2]:P0} of raw");
    }
}
