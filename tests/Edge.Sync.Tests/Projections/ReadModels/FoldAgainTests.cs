using System.Globalization;
using Edge.Sync.Projections.ReadModels;
using Edge.Sync.Tests.Database;
using Edge.Sync.Tests.Events;
using Microsoft.Data.Sqlite;

namespace Edge.Sync.Tests.Projections.ReadModels;

/// <summary>Ordered projections are folded again from where an event belongs, not from the first one: the tables are those of a fold of all events.</summary>
[Collection(nameof(Counting))]
public class FoldAgainTests
{
    private static readonly DocumentId[] s_streams = [DocumentId.Named("a"), DocumentId.Named("b"), DocumentId.Named("c")];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(1, 4096)]
    [InlineData(2, 4096)]
    [InlineData(3, 24)]
    [InlineData(4, 8)]
    [InlineData(5, 1)]
    public async Task Tables_equal_a_fold_of_all_events_whatever_comes_late_or_is_taken(int seed, int kept)
    {
        using var folder = new TempFolder();
        var random = new Random(seed);
        var options = Enumerable.Range(0, 3).Select(i => new EdgeDatabaseOptions { Path = folder[$"{i}.db"], TakenBackMax = kept }.AddProjection<Ledger>().AddProjection<Numbered>().AddProjection<Sequences>()).ToArray();
        var replicas = new List<EdgeDatabase>();
        var purged = false;
        foreach (var one in options) replicas.Add(await EdgeDatabase.OpenAsync(one, Token));
        for (var step = 0; step < 150; step++)
        {
            var i = random.Next(3);
            switch (random.Next(24))
            {
                case < 12:
                    var numbers = Enumerable.Range(0, random.Next(1, 4)).Select(_ => random.Next(200)).ToList();
                    await replicas[i].EditAsync(change => numbers.ForEach(number => change.Append(s_streams[purged ? number % 2 : number % 3], new Ticked(number))), Token);
                    break;
                case < 20: await Exchange.PushAsync(replicas[random.Next(3)], replicas[i]); break;
                case < 22: await RejectOneAsync(replicas[i], random); break;
                case 22 when step > 100 && !purged:
                    await replicas[i].PurgeAsync("ticked", s_streams[2], cancellationToken: Token);
                    purged = true;
                    break;
                default:
                    await replicas[i].DisposeAsync();
                    replicas[i] = await EdgeDatabase.OpenAsync(options[i], Token);
                    break;
            }
            await AssertFoldedAsync(replicas[i], $"seed {seed}, {kept} kept, step {step}");
        }
        foreach (var db in replicas) await db.DisposeAsync();
    }

    [Fact]
    public async Task Late_event_costs_those_behind_it_also_after_a_restart()
    {
        using var folder = new TempFolder();
        var options = new EdgeDatabaseOptions { Path = folder["a.db"] }.AddProjection<Counting>();
        await using var other = await EdgeDatabase.OpenAsync(folder["b.db"], Token);
        Counting.TakeCount();
        await using (var db = await EdgeDatabase.OpenAsync(options, Token))
        {
            await AppendAsync(db, 0, 3000);
            await Exchange.PushAsync(db, other);
            Assert.Equal(3000, Counting.TakeCount());
            await AppendAsync(other, 9000, 2);
            await AppendAsync(db, 3000, 10);
            await Exchange.PushAsync(other, db);
            // Ten at most were folded that may belong behind the two.
            Assert.InRange(Counting.TakeCount(), 12, 10 + 12);
            await AssertCountingAsync(db, 3012);
            await Exchange.PushAsync(db, other);
            await AppendAsync(other, 9002, 1);
            await AppendAsync(db, 3010, 10);
        }
        Counting.TakeCount();
        await using (var db = await EdgeDatabase.OpenAsync(options, Token))
        {
            await Exchange.PushAsync(other, db);
            Assert.InRange(Counting.TakeCount(), 1, 11);
            await AssertCountingAsync(db, 3023);
            // The last one is taken back, and nothing else is folded again.
            var last = (await EventStreamTests.ReadAllAsync(db.Events<Ticked>())).Find(static item => item.Event!.Number == 3019)!;
            await db.RejectAsync(last.ChangeId, "no", cancellationToken: Token);
            Assert.InRange(Counting.TakeCount(), 0, 10);
            await AssertCountingAsync(db, 3013);
        }
    }

    [Fact]
    public async Task Event_from_before_all_that_is_kept_makes_the_tables_again()
    {
        using var folder = new TempFolder();
        await using var other = await EdgeDatabase.OpenAsync(folder["b.db"], Token);
        await using var db = await EdgeDatabase.OpenAsync(new EdgeDatabaseOptions { Path = folder["a.db"], TakenBackMax = 100 }.AddProjection<Counting>(), Token);
        await AppendAsync(other, 9000, 1);
        for (var i = 0; i < 300; i += 10) await AppendAsync(db, i, 10);
        Counting.TakeCount();
        await Exchange.PushAsync(other, db);
        await db.WhenProjectionsReadyAsync(cancellationToken: Token);
        Assert.Equal(301, Counting.TakeCount());
        await AssertCountingAsync(db, 301);
        // What was made again is kept too: the next late one costs little.
        await Exchange.PushAsync(db, other);
        await AppendAsync(other, 9001, 1);
        await AppendAsync(db, 300, 10);
        Counting.TakeCount();
        await Exchange.PushAsync(other, db);
        Assert.InRange(Counting.TakeCount(), 1, 11);
        await AssertCountingAsync(db, 312);
        Assert.InRange((long)(await ScalarAsync(db, $"SELECT count(*) FROM {FoldJournal.Table}"))!, 100, 127);
    }

    [Fact]
    public async Task What_comes_while_the_tables_are_made_is_folded_in_its_place()
    {
        using var folder = new TempFolder();
        await using (var db = await EdgeDatabase.OpenAsync(folder["a.db"], Token)) await AppendAsync(db, 0, 5000);
        await using var other = await EdgeDatabase.OpenAsync(folder["b.db"], Token);
        await using var making = await EdgeDatabase.OpenAsync(new EdgeDatabaseOptions { Path = folder["a.db"] }.AddProjection<Counting>(), Token);
        var opened = await making.OpenedAsync(Token);
        for (var i = 0; i < 4; i++)
        {
            // Its place is in the middle of what is looked ahead for, or before what is folded already.
            await other.EditAsync(change => { for (var n = 0; n < 1300; n++) change.Append(s_streams[0], new Ticked(9000 + (i * 1300) + n)); }, Token);
            await Exchange.PushAsync(other, making);
            await opened.Writer.RunAsync(_ => { opened.Projector.Apps.Continue(); return true; }, Token);
        }
        await making.WhenProjectionsReadyAsync(cancellationToken: Token);
        await AssertCountingAsync(making, 5000 + (4 * 1300));
    }

    [Fact]
    public async Task Projection_that_throws_while_it_is_folded_again_keeps_its_tables_and_lets_the_commit_stand()
    {
        using var folder = new TempFolder();
        await using var other = await EdgeDatabase.OpenAsync(folder["b.db"], Token);
        await using var db = await EdgeDatabase.OpenAsync(new EdgeDatabaseOptions { Path = folder["a.db"] }.AddProjection<Counting>(), Token);
        await AppendAsync(db, 0, 10);
        await Exchange.PushAsync(db, other);
        await AppendAsync(other, 9000, 1);
        for (var i = 10; i < 20; i++) await AppendAsync(db, i, 1);
        var before = await AppProjectionTests.RowsAsync(db, "counting");
        // In its new place the late event stands before this one.
        Counting.Throws = (19, 9000);
        try
        {
            await Exchange.PushAsync(other, db);
            Assert.Equal(before, await AppProjectionTests.RowsAsync(db, "counting"));
            Assert.Equal(ProjectionState.Stopped, (await db.GetProjectionStatusAsync(Token))[0].State);
            Assert.Equal(21, (await EventStreamTests.ReadAllAsync(db.Events<Ticked>())).Count);
        }
        finally { Counting.Throws = null; }
        await db.RebuildProjectionAsync("counting", cancellationToken: Token);
        await AssertCountingAsync(db, 21);
    }

    [Fact]
    public async Task Tables_that_somebody_has_changed_are_made_again()
    {
        using var folder = new TempFolder();
        await using var other = await EdgeDatabase.OpenAsync(folder["b.db"], Token);
        await using var db = await EdgeDatabase.OpenAsync(new EdgeDatabaseOptions { Path = folder["a.db"] }.AddProjection<Counting>(), Token);
        await AppendAsync(db, 0, 10);
        await Exchange.PushAsync(db, other);
        await AppendAsync(other, 9000, 1);
        for (var i = 10; i < 20; i++) await AppendAsync(db, i, 1);
        var opened = await db.OpenedAsync(Token);
        await opened.Writer.RunAsync(replica =>
        {
            using var command = ((Edge.Sync.Storage.SqliteStore)replica.Store).Connection.CreateCommand();
            command.CommandText = "DELETE FROM counting WHERE number = 19";
            return command.ExecuteNonQuery();
        }, Token);
        await Exchange.PushAsync(other, db);
        await AssertCountingAsync(db, 21);
    }

    private static Task<Receipt> AppendAsync(EdgeDatabase db, int first, int count) => db.EditAsync(change =>
    {
        for (var i = 0; i < count; i++) change.Append(s_streams[0], new Ticked(first + i));
    }, Token);

    private static async Task RejectOneAsync(EdgeDatabase db, Random random)
    {
        var events = await EventStreamTests.ReadAllAsync(db.Events<Ticked>());
        if (events.Count > 0) await db.RejectAsync(events[Math.Max(0, events.Count - 1 - random.Next(12))].ChangeId, "no", cancellationToken: Token);
    }

    private static async Task AssertCountingAsync(EdgeDatabase db, int count)
    {
        var expected = (await db.Events<Ticked>().ReadAsync(s_streams[0], Token)).Select(static (item, i) => $"{i + 1} {item.Event!.Number}").ToList();
        Assert.Equal(count, expected.Count);
        Assert.Equal(expected, (await AppProjectionTests.RowsAsync(db, "counting")).OrderBy(static row => int.Parse(row.Split(' ')[0], CultureInfo.InvariantCulture)));
    }

    /// <summary>All tables beside a fold of all events in order into a fresh database, by nothing but the projection. Of rows without a key their order counts: their ids change where a purge packs the file.</summary>
    private static async Task AssertFoldedAsync(EdgeDatabase db, string where)
    {
        using var fresh = new SqliteConnection("Data Source=:memory:");
        fresh.Open();
        var opened = await db.OpenedAsync(Token);
        var events = await opened.Writer.RunAloneAsync(replica => s_streams.SelectMany(stream => replica.Store.ReadEvents(new("ticked", stream))).ToList(), Token);
        events.Sort(static (a, b) => a.CompareOrder(b));
        Fold(new Ledger(), fresh, events);
        Fold(new Numbered(), fresh, events);
        Fold(new Sequences(), fresh, events);
        foreach (var (table, columns) in ((string, string)[])[("sequences", "stream, numbers"), ("lines", "text, n"), ("named", "name, n"), ("ledger", "number, hex(note), real, hex(bytes), twice, \"odd name\""), ("slots", "slot, number, taken"), ("pairs", "left, right, count"), ("numbered", "row, number")])
        {
            var sql = $"SELECT group_concat(row, char(10)) FROM (SELECT concat_ws(',', {string.Join(", ", columns.Split(", ").Select(static column => $"coalesce({column}, '-')"))}) AS row FROM {table} ORDER BY {(table is "lines" or "ledger" ? "rowid" : "1")})";
            using var command = fresh.CreateCommand();
            command.CommandText = sql;
            var (expected, actual) = (command.ExecuteScalar(), await ScalarAsync(db, sql));
            Assert.True(Equals(expected, actual), $"{where}: {table}\n{expected}\nis\n{actual}\nprojections: {string.Join(", ", await db.GetProjectionStatusAsync(Token))}");
        }
    }

    private static void Fold(IProject<Ticked> projection, SqliteConnection connection, List<Edge.Sync.Storage.StoredEvent> events)
    {
        using var sql = new ProjectionWriter(connection, static name => name, []) { IsCreating = true };
        projection.CreateTables(sql);
        sql.IsCreating = false;
        foreach (var item in events) projection.Apply(new(item.Stream.Id, item.Dot.Replica, item.Stamp.ToDateTimeOffset()), DecodeOf<Ticked>(item.Value)!, sql);
    }

    private static T? DecodeOf<T>(ReadOnlyMemory<byte> value) where T : class, IEdgeEvent<T> => T.Schema.Decode(value);

    private static async Task<object?> ScalarAsync(EdgeDatabase db, string sql)
    {
        await using var connection = await db.OpenReadConnectionAsync(Token);
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        return await command.ExecuteScalarAsync(Token);
    }
}
