using System.Data.Common;
using System.Diagnostics;
using Dapper;
using Edge.Sync.Benchmarks.Store;
using Microsoft.Data.Sqlite;

namespace Edge.Sync.Benchmarks.Read;

/// <summary>Documents by id, queries beside Dapper and a plain reader on the same table, and how soon watchers know.</summary>
internal static class ReadCommand
{
    private const int Documents = 1000, Rounds = 30, WarmupRounds = 100, Watchers = 100;

    public static int Run()
    {
        var folder = Directory.CreateTempSubdirectory("edge-sync-read").FullName;
        try
        {
            RunAsync(folder).GetAwaiter().GetResult();
            return 0;
        }
        finally { Directory.Delete(folder, recursive: true); }
    }

    private static async Task RunAsync(string folder)
    {
        await using var db = await EdgeDatabase.OpenAsync(Path.Combine(folder, "read.db"));
        await FillAsync(db);
        await using var sql = await db.OpenReadConnectionAsync();
        Console.WriteLine($"{Documents:N0} documents; medians of {Rounds} rounds (queries: after {WarmupRounds} others, in which the code is compiled), with the least and the greatest; load {(File.Exists("/proc/loadavg") ? File.ReadAllText("/proc/loadavg").Split(' ')[0] : "unknown")}");
        await FindAsync(db);
        await QueryOrdersAsync(db, sql);
        await QueryVisitsAsync(db, sql);
        await WatchAsync(db, "one query that all share", static i => 1_000_000);
        await WatchAsync(db, "a query for each", static i => 1_000_000 + i);
    }

    private static async Task FillAsync(EdgeDatabase db)
    {
        // A hundred documents a change.
        for (var first = 0; first < Documents; first += 100)
            await db.EditAsync(change => Fill(change, first));
        // Each by a change of its own, as they are written in life.
        await Task.WhenAll(Enumerable.Range(0, Documents).Select(i => db.Documents<Order>().EditAsync(DocumentId.Named($"order {i}"), i, static (order, i) => order.Priority = i % 5)));
        await Task.WhenAll(Enumerable.Range(0, Documents).Select(i => db.Documents<Visit>().EditAsync(DocumentId.Named($"visit {i}"), i, static (visit, i) => visit.Minutes.Add(1))));
    }

    private static void Fill(ChangeBuilder change, int first)
    {
        for (var i = first; i < first + 100; i++)
        {
            var order = change.Document<Order>(DocumentId.Named($"order {i}"));
            (order.Customer, order.Note, order.Done, order.Priority, order.Weight) = ($"Customer {i % 97}", i % 3 == 0 ? null : "ring twice", i % 2 == 0, i % 5, i / 7.0);
            order.Minutes.Add(i);
            var visit = change.Document<Visit>(DocumentId.Named($"visit {i}"));
            (visit.Customer, visit.Done, visit.Due) = ($"Customer {i % 97}", i % 2 == 0, DateTimeOffset.UnixEpoch.AddHours(i));
            visit.Minutes.Add(i);
            visit.Parts.Add("seal");
            visit.Notes.Append("The pump leaks.");
        }
    }

    private static async Task FindAsync(EdgeDatabase db)
    {
        var ids = Enumerable.Range(0, Documents).Select(static i => DocumentId.Named($"order {i}")).ToArray();
        var times = new List<double>();
        for (var round = 0; round < Rounds; round++)
        {
            var start = Stopwatch.GetTimestamp();
            foreach (var id in ids)
                if ((await db.Documents<Order>().FindAsync(id))!.Customer.Length == 0) throw new InvalidOperationException();
            times.Add(StoreCommand.Microseconds(Stopwatch.GetTimestamp() - start) / ids.Length);
        }
        Show("a document by id, FindAsync awaited", times, "µs");
        var opened = await db.OpenedAsync(default);
        times.Clear();
        for (var round = 0; round < Rounds; round++)
        {
            var start = Stopwatch.GetTimestamp();
            foreach (var id in ids)
                if (EdgeDatabase.Find<Order>(opened, id, isFlat: true)!.Customer.Length == 0) throw new InvalidOperationException();
            times.Add(StoreCommand.Microseconds(Stopwatch.GetTimestamp() - start) / ids.Length);
        }
        Show("the same, without the hop to another thread", times, "µs");
    }

    private static async Task QueryOrdersAsync(EdgeDatabase db, DbConnection sql)
    {
        const string Select = "SELECT id AS Id, Customer, Note, Done, Priority, Weight, Minutes FROM \"order\" WHERE Priority >= 0 ORDER BY Customer, id";
        var (ours, dapper, plain) = (new Measured(), new Measured(), new Measured());
        for (var round = -WarmupRounds; round < Rounds; round++)
        {
            await TimeAsync(round, ours, async () =>
            {
                var sum = 0.0;
                foreach (var o in await db.Documents<Order>().Where(static o => o.Priority >= 0).OrderBy(static o => o.Customer).ToListAsync())
                    sum += o.Customer.Length + (o.Note?.Length ?? 0) + (o.Done ? 1 : 0) + o.Priority + o.Weight + o.Minutes + (o.Id == default ? 1 : 0);
                return sum;
            });
            await TimeAsync(round, dapper, async () =>
            {
                var sum = 0.0;
                foreach (var o in await sql.QueryAsync<OrderRow>(Select))
                    sum += o.Customer.Length + (o.Note?.Length ?? 0) + (o.Done ? 1 : 0) + o.Priority + o.Weight + o.Minutes + (o.Id.Length == 0 ? 1 : 0);
                return sum;
            });
            await TimeAsync(round, plain, () =>
            {
                using var command = ((SqliteConnection)sql).CreateCommand();
                command.CommandText = Select;
                using var reader = command.ExecuteReader();
                var rows = new List<OrderRow>();
                while (reader.Read())
                {
                    rows.Add(new()
                    {
                        Id = reader.GetString(0),
                        Customer = reader.GetString(1),
                        Note = reader.IsDBNull(2) ? null : reader.GetString(2),
                        Done = reader.GetBoolean(3),
                        Priority = reader.GetInt32(4),
                        Weight = reader.GetDouble(5),
                        Minutes = reader.GetInt64(6),
                    });
                }
                var sum = 0.0;
                foreach (var o in rows) sum += o.Customer.Length + (o.Note?.Length ?? 0) + (o.Done ? 1 : 0) + o.Priority + o.Weight + o.Minutes + (o.Id.Length == 0 ? 1 : 0);
                return Task.FromResult(sum);
            });
        }
        Show("1,000 rows of plain values, all read", ours, dapper);
        Show("… Dapper", dapper, dapper);
        Show("… a plain reader", plain, dapper);
    }

    private static async Task QueryVisitsAsync(EdgeDatabase db, DbConnection sql)
    {
        var (ours, dapper) = (new Measured(), new Measured());
        for (var round = -WarmupRounds; round < Rounds; round++)
        {
            await TimeAsync(round, ours, async () =>
            {
                var sum = 0.0;
                foreach (var v in await db.Documents<Visit>().OrderBy(static v => v.Customer).ToListAsync())
                {
                    sum += v.Customer.Length + (v.Done ? 1 : 0) + (v.Due?.Hour ?? 0) + v.Minutes + v.Notes.Value.Length + (v.Id == default ? 1 : 0);
                    foreach (var part in v.Parts) sum += part.Length;
                }
                return sum;
            });
            await TimeAsync(round, dapper, async () =>
            {
                var sum = 0.0;
                foreach (var v in await sql.QueryAsync<VisitRow>("SELECT id AS Id, Customer, Done, Due, Minutes, Parts, Notes FROM visit ORDER BY Customer, id"))
                    sum += v.Customer.Length + (v.Done ? 1 : 0) + (v.Due?.Length ?? 0) + v.Minutes + v.Parts.Length + v.Notes.Length + (v.Id.Length == 0 ? 1 : 0);
                return sum;
            });
        }
        Show("1,000 rows with a time, a set and a text, all read", ours, dapper);
        Show("… Dapper, which leaves them text", dapper, dapper);
    }

    /// <summary>From the end of the edit's callback, so with the commit itself, until each watcher has its result.</summary>
    private static async Task WatchAsync(EdgeDatabase db, string what, Func<int, int> limit)
    {
        var orders = db.Documents<Order>();
        var seen = new long[Watchers];
        var (last, all) = (new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously), Watchers);
        using var stop = new CancellationTokenSource();
        var running = Enumerable.Range(0, Watchers).Select(i => Task.Run(async () =>
        {
            var below = limit(i);
            try
            {
                await foreach (var _ in orders.Where(o => o.Priority < below).OrderBy(static o => o.Customer).WatchAsync(stop.Token))
                {
                    seen[i] = Stopwatch.GetTimestamp();
                    if (Interlocked.Decrement(ref all) == 0) last.TrySetResult();
                }
            }
            catch (OperationCanceledException) { /* the end */ }
        })).ToArray();
        var (commit, first, slowest) = (new List<double>(), new List<double>(), new List<double>());
        await last.Task;
        for (var round = 0; round < Rounds * 3; round++)
        {
            (last, all) = (new(TaskCreationOptions.RunContinuationsAsynchronously), Watchers);
            long done = 0;
            await orders.EditAsync(DocumentId.Named($"order {round}"), order =>
            {
                order.Minutes.Add(1);
#pragma warning disable ES0004 // Measured is the time from the writer's hands on.
                done = Stopwatch.GetTimestamp();
#pragma warning restore ES0004
            });
            commit.Add(StoreCommand.Microseconds(Stopwatch.GetTimestamp() - done) / 1000);
            await last.Task;
            first.Add(StoreCommand.Microseconds(seen.Min() - done) / 1000);
            slowest.Add(StoreCommand.Microseconds(seen.Max() - done) / 1000);
        }
        await stop.CancelAsync();
        await Task.WhenAll(running);
        Show($"{Watchers} watchers, {what}: from the callback's end to EditAsync's return", commit, "ms");
        Show("… to the first watcher", first, "ms");
        Show("… to the last watcher", slowest, "ms");
    }

    private static async Task TimeAsync(int round, Measured measured, Func<Task<double>> action)
    {
        var (bytes, start) = (GC.GetTotalAllocatedBytes(), Stopwatch.GetTimestamp());
        var sum = await action();
        var (end, bytesEnd) = (Stopwatch.GetTimestamp(), GC.GetTotalAllocatedBytes());
        if (round >= 0)
        {
            measured.Times.Add(StoreCommand.Microseconds(end - start) / 1000);
            measured.Bytes.Add((bytesEnd - bytes) / (double)Documents);
        }
        if (sum <= 0) throw new InvalidOperationException("Nothing was read.");
    }

    private static void Show(string what, Measured measured, Measured beside)
    {
        Show(what, measured.Times, "ms", beside.Times);
        Console.WriteLine($"… bytes a row: {measured.Bytes.Order().ElementAt(Rounds / 2):N0}");
    }

    private static void Show(string what, List<double> times, string unit, List<double>? beside = null)
    {
        var sorted = times.Order().ToList();
        var ratio = beside is null ? "" : $", {sorted[sorted.Count / 2] / beside.Order().ElementAt(beside.Count / 2):N2} of Dapper";
        Console.WriteLine($"{what}: {StoreCommand.Format(sorted[sorted.Count / 2])} {unit} ({StoreCommand.Format(sorted[0])} .. {StoreCommand.Format(sorted[^1])}){ratio}");
    }

    /// <summary>What rounds took, and what they allocated for each document.</summary>
    private sealed class Measured
    {
        public List<double> Times { get; } = [];

        public List<double> Bytes { get; } = [];
    }
}
