using Edge.Sync.Tests.Database;
using Microsoft.Extensions.Time.Testing;

namespace Edge.Sync.Tests.Events;

public class EventStreamTests
{
    private static readonly DocumentId s_pump = DocumentId.Named("pump-7");
    private static readonly DocumentId s_valve = DocumentId.Named("valve-2");

    [Fact]
    public async Task What_is_appended_is_read_with_what_is_known_of_it()
    {
        using var folder = new TempFolder();
        var clock = new FakeTimeProvider(new DateTimeOffset(2026, 1, 31, 8, 0, 0, TimeSpan.Zero));
        await using var db = await EdgeDatabase.OpenAsync(new EdgeDatabaseOptions { Path = folder["a.db"], TimeProvider = clock });
        var events = db.Events<JobEvent>();
        var receipt = await events.With(new EditOptions { Author = "alice" }).AppendAsync(s_pump, new JobEvent.Opened("Replace pump 7"));
        await events.AppendAsync(s_valve, new JobEvent.Paused());
        await events.AppendAsync(s_pump, new JobEvent.Closed(30, "alice"));

        var stream = await events.ReadAsync(s_pump);
        Assert.Equal([new JobEvent.Opened("Replace pump 7"), new JobEvent.Closed(30, "alice")], stream.Select(static e => e.Event));
        Assert.Equal(receipt.ChangeId, stream[0].ChangeId);
        Assert.Equal(("alice", s_pump, await db.GetReplicaIdAsync(), clock.GetUtcNow()), (stream[0].Author, stream[0].Stream, stream[0].Replica, stream[0].At));
        Assert.Null(stream[1].Author);
        Assert.True(stream[0].Cursor < stream[1].Cursor);

        var all = await ReadAllAsync(events);
        Assert.Equal([s_pump, s_valve, s_pump], all.Select(static e => e.Stream));
        Assert.Equal(all[1..].Select(static e => e.Event), (await ReadAllAsync(events, all[0].Cursor)).Select(static e => e.Event));
        Assert.Empty(await events.ReadAsync(DocumentId.Named("nothing")));
    }

    [Fact]
    public async Task Every_type_of_member_comes_back()
    {
        using var folder = new TempFolder();
        await using var db = await EdgeDatabase.OpenAsync(folder["a.db"]);
        JobEvent[] written =
        [
            new JobEvent.Measured(1.5, 10.00m, new(2026, 1, 31, 8, 0, 0, TimeSpan.FromHours(2)), Guid.Parse("01020304-0506-0708-090a-0b0c0d0e0f10"), Level.High, new(1, null), new(s_pump), null, null, true) { Extra = 7 },
            new JobEvent.Measured(double.NaN, 0, default, default, Level.Low, new(-1, 2), default, "\0 \u00e9 \U0001F600", 3, false),
            new JobEvent.Paused(),
        ];
        await db.EditAsync(change =>
        {
            foreach (var item in written) change.Append(s_pump, item);
        });
        Assert.Equal(written, (await db.Events<JobEvent>().ReadAsync(s_pump)).Select(static e => e.Event));
        await db.Events<Ticked>().AppendAsync(s_pump, new(5));
        Assert.Equal(new Ticked(5), Assert.Single(await db.Events<Ticked>().ReadAsync(s_pump)).Event);
        Assert.Equal(3, (await db.Events<JobEvent>().ReadAsync(s_pump)).Count);
    }

    [Fact]
    public async Task Command_writes_documents_and_events_as_one_change()
    {
        using var folder = new TempFolder();
        await using var db = await EdgeDatabase.OpenAsync(folder["a.db"]);
        Assert.True((await db.ExecuteAsync(new CloseJob(s_pump, 30, "alice"))).Accepted);
        Assert.False((await db.ExecuteAsync(new CloseJob(s_pump, 30, "bob"))).Accepted);
        Assert.Equal("alice", Assert.IsType<JobEvent.Closed>(Assert.Single(await db.Events<JobEvent>().ReadAsync(s_pump)).Event).By);
        Assert.Single(await Exchange.ReadAllAsync(db));
        await Rebuilding.AssertEqualAsync(db);
    }

    [Fact]
    public async Task Other_versions_read_what_they_know_and_pass_on_the_rest()
    {
        using var folder = new TempFolder();
        await using var here = await EdgeDatabase.OpenAsync(folder["here.db"]);
        await using var old = await EdgeDatabase.OpenAsync(folder["old.db"]);
        await using var there = await EdgeDatabase.OpenAsync(folder["there.db"]);
        await here.Events<JobEvent>().AppendAsync(s_pump, new JobEvent.Opened("x"));
        await here.Events<NewJobEvent>().AppendAsync(s_pump, new NewJobEvent.Finished(30, "alice", "hall 2"));
        await Exchange.MergeAsync(here, old);

        Assert.Equal([null, new OldJobEvent.Closed(30)], (await old.Events<OldJobEvent>().ReadAsync(s_pump)).Select(static e => e.Event));
        await old.Events<OldJobEvent>().AppendAsync(s_pump, new OldJobEvent.Closed(5));
        await Exchange.MergeAsync(old, there);

        Assert.Equal([null, new NewJobEvent.Finished(30, "alice", "hall 2"), new NewJobEvent.Finished(5, "", null)], (await there.Events<NewJobEvent>().ReadAsync(s_pump)).Select(static e => e.Event));
        Assert.Equal([new JobEvent.Opened("x"), new JobEvent.Closed(30, "alice"), new JobEvent.Closed(5, "")], (await there.Events<JobEvent>().ReadAsync(s_pump)).Select(static e => e.Event));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Streams_have_one_order_on_all_replicas_which_extends_causality(int seed)
    {
        using var folder = new TempFolder();
        var random = new Random(seed);
        var replicas = new List<EdgeDatabase>();
        // Clocks that differ by hours, which are not to matter to what is ordered.
        for (var i = 0; i < 3; i++)
            replicas.Add(await EdgeDatabase.OpenAsync(new EdgeDatabaseOptions { Path = folder[$"{i}.db"], TimeProvider = new FakeTimeProvider(new DateTimeOffset(2026, 1, 31, 8 * i, 0, 0, TimeSpan.Zero)) }));
        DocumentId[] streams = [s_pump, s_valve];
        var seen = new Dictionary<int, int[]>();
        var next = 0;
        for (var step = 0; step < 60; step++)
        {
            var db = replicas[random.Next(3)];
            if (random.Next(3) == 0)
            {
                await Exchange.PushAsync(replicas[random.Next(3)], db);
                continue;
            }
            seen[next] = [.. (await ReadAllAsync(db.Events<Ticked>())).Select(static e => e.Event!.Number)];
            await db.Events<Ticked>().AppendAsync(streams[random.Next(2)], new(next++));
        }
        for (var round = 0; round < 2; round++)
            foreach (var a in replicas)
                foreach (var b in replicas)
                    if (a != b) await Exchange.PushAsync(a, b);
        foreach (var stream in streams)
        {
            var orders = new List<int[]>();
            foreach (var db in replicas) orders.Add([.. (await db.Events<Ticked>().ReadAsync(stream)).Select(static e => e.Event!.Number)]);
            Assert.True(orders.All(order => order.SequenceEqual(orders[0])), $"seed {seed}: {string.Join(" | ", orders.Select(static o => string.Join(' ', o)))}");
            for (var i = 0; i < orders[0].Length; i++)
                Assert.DoesNotContain(orders[0][i..], later => seen[orders[0][i]].Contains(later));
        }
        foreach (var db in replicas)
        {
            await Rebuilding.AssertEqualAsync(db);
            await db.DisposeAsync();
        }
    }

    [Fact]
    public async Task Table_that_is_made_again_from_the_log_is_the_same()
    {
        using var folder = new TempFolder();
        await using var db = await EdgeDatabase.OpenAsync(folder["a.db"]);
        await using var other = await EdgeDatabase.OpenAsync(folder["b.db"]);
        for (var i = 0; i < 10; i++)
        {
            await db.Events<Ticked>().AppendAsync(s_pump, new(i));
            await other.Events<Ticked>().AppendAsync(s_valve, new(-i));
            await Exchange.MergeAsync(db, other);
        }
        var before = await ReadAllAsync(db.Events<Ticked>());
        await db.RepairAsync();
        var after = await ReadAllAsync(db.Events<Ticked>());
        Assert.Equal(before.Select(static e => (e.Event, e.Cursor, e.ChangeId)), after.Select(static e => (e.Event, e.Cursor, e.ChangeId)));
    }

    [Fact]
    public async Task Purged_stream_is_gone_everywhere_and_takes_nothing_more()
    {
        using var folder = new TempFolder();
        await using var db = await EdgeDatabase.OpenAsync(folder["a.db"]);
        await using var other = await EdgeDatabase.OpenAsync(folder["b.db"]);
        await db.Events<JobEvent>().AppendAsync(s_pump, new JobEvent.Opened("secret"));
        await db.Events<JobEvent>().AppendAsync(s_valve, new JobEvent.Opened("valve"));
        await Exchange.MergeAsync(db, other);
        await db.PurgeAsync("job-event", s_pump);
        await Exchange.MergeAsync(db, other);
        foreach (var replica in (EdgeDatabase[])[db, other])
        {
            Assert.Empty(await replica.Events<JobEvent>().ReadAsync(s_pump));
            Assert.Equal(s_valve, Assert.Single(await ReadAllAsync(replica.Events<JobEvent>())).Stream);
            var refused = await Assert.ThrowsAsync<EdgeDocumentException>(() => replica.Events<JobEvent>().AppendAsync(s_pump, new JobEvent.Paused()));
            Assert.Equal(EdgeErrorCode.DocumentPurged, refused.Code);
        }
    }

    [Fact]
    public async Task Edit_that_throws_appends_nothing()
    {
        using var folder = new TempFolder();
        await using var db = await EdgeDatabase.OpenAsync(folder["a.db"]);
        await Assert.ThrowsAsync<FormatException>(() => db.EditAsync((Action<ChangeBuilder>)(static change =>
        {
            change.Append(s_pump, new JobEvent.Opened("x"));
            throw new FormatException();
        })));
        Assert.Empty(await ReadAllAsync(db.Events<JobEvent>()));
        await db.Events<JobEvent>().AppendAsync(s_pump, new JobEvent.Paused());
        Assert.Single(await ReadAllAsync(db.Events<JobEvent>()));
    }

    [Fact]
    public async Task Reading_goes_on_over_many_batches()
    {
        using var folder = new TempFolder();
        await using var db = await EdgeDatabase.OpenAsync(folder["a.db"]);
        await db.EditAsync(static change =>
        {
            for (var i = 0; i < 1000; i++) change.Append(DocumentId.Named($"stream-{i % 7}"), new Ticked(i));
        });
        Assert.Equal(Enumerable.Range(0, 1000), (await ReadAllAsync(db.Events<Ticked>())).Select(static e => e.Event!.Number));
    }

    internal static async Task<List<RecordedEvent<T>>> ReadAllAsync<T>(EventStreams<T> events, EventCursor after = default) where T : class, IEdgeEvent<T>
    {
        var result = new List<RecordedEvent<T>>();
        await foreach (var item in events.ReadAllAsync(after)) result.Add(item);
        return result;
    }

    private sealed record CloseJob(DocumentId Id, int Minutes, string By) : IEdgeCommand
    {
        public void Execute(CommandContext change)
        {
            var job = change.Document<Job>(Id);
            change.Require(!job.Done, "the job is closed already");
            job.Done = true;
            job.Minutes.Add(Minutes);
            change.Append(Id, new JobEvent.Closed(Minutes, By));
        }
    }
}
