using Edge.Sync.Documents;
using Edge.Sync.Log;
using Edge.Sync.Log.Records;
using Edge.Sync.Storage;
using Edge.Sync.Tests.Log;
using Microsoft.Extensions.Time.Testing;

namespace Edge.Sync.Tests.Causality;

/// <summary>A record caps a clock that was ahead: every replica that holds it compares the capped stamps alike.</summary>
public class ClockCapTests
{
    private static readonly DateTimeOffset s_now = new(2026, 6, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly DocumentId s_pump = DocumentId.Named("pump-7");

    [Fact]
    public void Capped_write_of_the_future_loses_against_a_later_concurrent_one_on_every_replica()
    {
        var ahead = NewReplica(1, years: 10);
        var right = NewReplica(2, years: 0);
        Changes.Edit(ahead, s_pump, static job => job.Title = "ahead");
        right.Begin();
        right.Commit();
        Changes.Edit(right, s_pump, static job => job.Title = "right");
        Meet(ahead, right);
        Assert.Equal("ahead", TitleOf(right));

        Cap(right, ahead.Log.Self, s_now.AddMinutes(-1));
        Assert.Equal("right", TitleOf(right));
        Meet(ahead, right);
        Assert.Equal("right", TitleOf(ahead));
        AssertSame(ahead, right);
    }

    [Fact]
    public void Far_future_feed_is_told_of_with_how_far_and_no_more_once_it_is_capped()
    {
        var ahead = NewReplica(1, years: 10);
        var right = NewReplica(2, years: 0);
        Changes.Edit(ahead, s_pump, static job => job.Title = "one");
        Changes.Edit(ahead, s_pump, static job => job.Title = "two");
        Changes.Push(ahead, right);
        var clock = Assert.Single(right.FastClocks);
        Assert.Equal((ahead.Log.Self, false, 2), (clock.Replica, clock.IsOwn, clock.ChangeCount));
        Assert.Equal(s_now.AddYears(10), clock.Newest);
        Assert.Equal(s_now.AddYears(10) - s_now, clock.Ahead);
        Assert.Empty(ahead.FastClocks);
        Assert.Equal(clock, Assert.Single(right.PlanSync().Version.FastClocks));

        // It is kept with the file, and a rebuild finds it again.
        var reopened = Reopen(right, years: 0);
        Assert.Equal(clock, Assert.Single(reopened.FastClocks));
        reopened.RebuildAll();
        Assert.Equal(clock, Assert.Single(reopened.FastClocks));
        // Where the time has come, nothing is ahead any more.
        Assert.Empty(Reopen(reopened, years: 11).FastClocks);

        Cap(reopened, ahead.Log.Self, s_now);
        Assert.Empty(reopened.FastClocks);
        Assert.Empty(Reopen(reopened, years: 0).FastClocks);
    }

    [Fact]
    public void Replica_whose_clock_was_set_right_goes_on_from_it_once_its_past_is_capped()
    {
        var first = NewReplica(1, years: 10);
        Changes.Edit(first, s_pump, static job => job.Title = "ahead");
        var again = Reopen(first, years: 0);
        Changes.Edit(again, s_pump, static job => job.Title = "still ahead");
        Assert.True(Assert.Single(again.FastClocks).IsOwn);
        var right = NewReplica(2, years: 0);
        Changes.Push(again, right);
        Cap(right, again.Log.Self, s_now);
        Changes.Push(right, again);
        Assert.Empty(again.FastClocks);
        Changes.Edit(again, s_pump, static job => job.Title = "right");
        Assert.InRange(Changes.All(again)[^1].Written.Timestamp.ToDateTimeOffset(), s_now, s_now.AddMinutes(1));
        Changes.Push(again, right);
        AssertSame(again, right);
        Assert.Equal("right", TitleOf(right));
    }

    [Fact]
    public void Replica_caps_its_own_past_when_its_clock_is_right_again()
    {
        var first = NewReplica(1, years: 10);
        Changes.Edit(first, s_pump, static job => job.Title = "ahead");
        var again = Reopen(first, years: 0);
        Cap(again, again.Log.Self, s_now);
        Changes.Edit(again, s_pump, static job => job.Title = "right");
        Assert.InRange(Changes.All(again)[^1].Written.Timestamp.ToDateTimeOffset(), s_now, s_now.AddMinutes(1));
        Assert.Empty(again.FastClocks);
        var other = NewReplica(2, years: 0);
        Changes.Push(again, other);
        Assert.Empty(other.FastClocks);
        AssertSame(again, other);
    }

    [Fact]
    public void Cap_holds_for_changes_of_its_range_that_come_after_it_and_for_own_ones()
    {
        var writer = NewReplica(1, years: 10);
        var right = NewReplica(2, years: 0);
        Changes.Edit(writer, s_pump, static job => job.Title = "one");
        Changes.Push(writer, right);
        // Somebody caps all that is to come too.
        Append(right, new ClockCapRecord(writer.Log.Self, 1, Dot.CounterMax, HybridTimestamp.FromUnixMilliseconds(s_now.AddDays(-1).ToUnixTimeMilliseconds())));
        Changes.Edit(writer, s_pump, static job => job.Title = "two");
        Changes.Push(writer, right);
        Changes.Edit(right, s_pump, static job => job.Minutes.Add(1));
        Meet(writer, right);
        Changes.Edit(writer, s_pump, static job => job.Priority = Priority.High);
        Changes.Edit(right, s_pump, static job => job.Priority = Priority.Low);
        Meet(writer, right);
        AssertSame(writer, right);
        Assert.Equal(Priority.Low, Read(right).Priority);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Cap_of_a_feed_covers_all_branches_of_it_whenever_it_forked(bool isCappedFirst)
    {
        var original = NewReplica(1, years: 10);
        Changes.Edit(original, s_pump, static job => job.Title = "before");
        original.Sync();
        var copy = new Replica(((MemoryStore)original.Store).Copy(), new FakeTimeProvider(s_now.AddYears(10)), new SeededRandom(5), TimeSpan.FromMinutes(5), TestKeys.Public);
        Changes.Edit(original, s_pump, static job => job.Title = "original");
        Changes.Edit(copy, s_pump, static job => job.Title = "copy");
        var right = NewReplica(2, years: 0);
        var feed = original.Log.Self;
        Changes.Edit(right, s_pump, static job => job.Title = "right");
        Changes.Push(original, right);
        if (isCappedFirst) Cap(right, feed, s_now.AddDays(-1));
        Changes.Push(copy, right);
        if (!isCappedFirst) Cap(right, feed, s_now.AddDays(-1));
        Assert.NotEmpty(right.PlanSync().Version.Forks);
        Assert.All(Changes.All(right).Where(change => change.Written.Replica == feed), static change => Assert.Equal(s_now.AddDays(-1), change.Stamp.ToDateTimeOffset()));
        Assert.Equal("right", TitleOf(right));
        AssertFoldedAsModelled(right);
        var other = NewReplica(3, years: 0);
        // Whoever has not seen a branch names what it follows as if there was none: that is told apart by ids, which nobody sends here.
        foreach (var source in isCappedFirst ? (Replica[])[original, right, copy] : [copy, original, right])
        {
            other.Begin();
            Assert.DoesNotContain(AdmissionVerdict.Untold, Changes.ApplyAll(other, Changes.All(source)));
            other.Commit();
        }
        AssertSame(right, other);
    }

    [Theory]
    [InlineData(0, 40)]
    [InlineData(40, 80)]
    public void Replicas_that_hold_the_same_log_have_the_same_documents_whatever_order_caps_came_in(int from, int to)
    {
        var (capped, winners) = (0, 0);
        for (var seed = from; seed < to; seed++)
        {
            var random = new Random(seed);
            int[] years = [-10, 0, 10, 20];
            Replica[] replicas = [.. years.Select((ahead, i) => NewReplica((seed * 10) + i, ahead))];
            for (var step = 0; step < 40; step++)
            {
                var replica = replicas[random.Next(replicas.Length)];
                switch (random.Next(12))
                {
                    case < 3:
                        var target = replicas[random.Next(replicas.Length)].Log.Self;
                        if (replica.IsKnown(target) && Cap(replica, target, s_now.AddDays(random.Next(-4000, 4000))) is not null) capped++;
                        break;
                    case < 10:
                        Changes.Edit(replica, DocumentId.Named($"{random.Next(3)}"), job => Write(job, random));
                        break;
                    default:
                        PushSome(replicas[random.Next(replicas.Length)], replica, random);
                        break;
                }
            }
            foreach (var source in replicas)
                foreach (var other in replicas)
                    if (source != other) Changes.Push(source, other);
            try
            {
                var late = NewReplica((seed * 10) + 8, 0);
                Changes.Push(replicas[0], late);
                var shuffled = NewReplica((seed * 10) + 9, 0);
                ApplyShuffled(shuffled, Changes.All(replicas[1]), random);
                foreach (var replica in (Replica[])[.. replicas, late, shuffled])
                {
                    AssertSame(replicas[0], replica);
                    AssertFoldedAsModelled(replica);
                    var hash = replica.ComputeStateHash();
                    replica.RebuildAll();
                    Assert.Equal(hash, replica.ComputeStateHash());
                    AssertFoldedAsModelled(replica);
                }
                winners += WinnersChanged(replicas[0]);
            }
            catch (Exception e) { throw new InvalidOperationException($"Seed {seed} failed.", e); }
        }
        Assert.True(capped > 60 && winners > 4, $"{capped} caps, {winners} documents with another winner than without");
    }

    [Fact]
    public async Task Cap_through_the_front_door_is_in_files_backups_verification_and_the_status()
    {
        using var folder = new TempFolder();
        await using var ahead = await EdgeDatabase.OpenAsync(new EdgeDatabaseOptions { Path = folder["a.db"], TimeProvider = new FakeTimeProvider(s_now.AddYears(10)) });
        await using var right = await EdgeDatabase.OpenAsync(new EdgeDatabaseOptions { Path = folder["b.db"], TimeProvider = new FakeTimeProvider(s_now) });
        await ahead.Documents<Job>().EditAsync(s_pump, static job => job.Title = "ahead");
        await right.Documents<Job>().EditAsync(s_pump, static job => job.Title = "right");
        await Database.Exchange.PushAsync(ahead, right);
        Assert.Equal("ahead", (await right.Documents<Job>().FindAsync(s_pump))!.Title);
        var replica = await ahead.GetReplicaIdAsync();
        var clock = Assert.Single(await right.FindFastClocksAsync());
        Assert.Equal(replica, clock.Replica);
        Assert.Contains("CapClockAsync", clock.Reason, StringComparison.Ordinal);

        Assert.NotNull((await right.CapClockAsync(replica, s_now.AddSeconds(-1), new() { Intent = "its clock was wrong" })).ChangeId);
        Assert.Null((await right.CapClockAsync(replica, s_now)).ChangeId);
        Assert.Equal("right", (await right.Documents<Job>().FindAsync(s_pump))!.Title);
        Assert.Equal("right", Assert.Single(await right.Documents<Job>().Where(static job => job.Title == "right").ToListAsync()).Title);
        Assert.Empty(await right.FindFastClocksAsync());
        var report = await right.VerifyAsync();
        Assert.True(report.IsSound, string.Join(Environment.NewLine, report.Faults));
        await Assert.ThrowsAsync<ArgumentException>(() => right.CapClockAsync(ReplicaId.FromBytes(new byte[16])));

        await Database.Exchange.PushAsync(right, ahead);
        Assert.Equal("right", (await ahead.Documents<Job>().FindAsync(s_pump))!.Title);
        Assert.Equal(await ahead.GetStateHashAsync(), await right.GetStateHashAsync());
    }

    private static void Write(Job job, Random random)
    {
        switch (random.Next(5))
        {
            case 0: job.Title = $"{random.Next(100)}"; break;
            case 1: job.Priority = (Priority)random.Next(3); break;
            case 2: job.Parts.Add($"part {random.Next(3)}"); break;
            case 3: job.Minutes.Add(1); break;
            default: job.Notes.Append("x"); break;
        }
    }

    /// <summary>What the log folds to by the words of the rule: all caps of the log first, then every change in order.</summary>
    private static void AssertFoldedAsModelled(Replica replica)
    {
        var changes = Changes.All(replica);
        var caps = changes.SelectMany(static change => Edge.Sync.Projections.DocumentFold.ReadRecords(change, out _) ?? []).OfType<ClockCapRecord>().ToList();
        var model = new Model();
        foreach (var change in changes)
        {
            var applying = caps.Where(cap => cap.Feed == change.Written.Replica && cap.First <= change.Written.First && change.Written.First <= cap.Last).Select(static cap => cap.Latest.Value).Append(change.Written.Timestamp.Value).Min();
            Assert.Equal(applying, change.Stamp.Value);
            var ruling = applying == change.Written.Timestamp.Value ? null : new ChangeRuling(new HybridTimestamp(applying));
            Edge.Sync.Projections.DocumentFold.Join(Change.Parse(change.Bytes).With(change.Names).With(ruling), model, Edge.Sync.Trust.Content.NoKeys.Instance);
        }
        var stored = replica.ReadDocuments().ToDictionary(static document => document.Key, static document => document.State);
        Assert.Equal(stored.Count, model.Documents.Count);
        foreach (var (key, state) in model.Documents)
            Assert.Equal(Edge.Sync.Documents.DocumentCodec.Write(state), stored[key]);
    }

    private static int WinnersChanged(Replica replica)
    {
        var plain = new Model();
        foreach (var change in Changes.All(replica))
            Edge.Sync.Projections.DocumentFold.Join(Change.Parse(change.Bytes), plain, Edge.Sync.Trust.Content.NoKeys.Instance);
        var stored = replica.ReadDocuments().ToDictionary(static document => document.Key, static document => document.State);
        return plain.Documents.Count(document =>
            Attach(document.Key, stored[document.Key]) is var capped && Attach(document.Key, Edge.Sync.Documents.DocumentCodec.Write(document.Value)) is var asWritten && (capped.Title != asWritten.Title || capped.Priority != asWritten.Priority));
    }

    private sealed class Model : Edge.Sync.Projections.IFoldTarget
    {
        public DocumentId? Only => null;

        public Dictionary<DocumentKey, Edge.Sync.Documents.DocumentState> Documents { get; } = [];

        public Edge.Sync.Documents.DocumentState? Open(DocumentKey key, int sectionBytes) => Documents.TryGetValue(key, out var state) ? state : Documents[key] = new(key.Id, key.Collection);

        public void OnEvent(DocumentKey key, Edge.Sync.Crdts.EventLogDelta item, Change change) { }

        public void OnAbsent(DocumentKey key, int section, Edge.Sync.Trust.Content.ContentKeyId? missing) => throw new InvalidOperationException("Nothing is absent.");
    }

    private static void PushSome(Replica source, Replica target, Random random)
    {
        if (source == target) return;
        target.Begin();
        foreach (var change in Changes.All(source))
        {
            if (random.Next(30) == 0) break;
            target.Apply(change.Bytes);
        }
        target.Commit();
    }

    private static void ApplyShuffled(Replica target, List<Change> changes, Random random)
    {
        var left = changes.ToList();
        while (left.Count > 0)
        {
            target.Begin();
            foreach (var change in left.OrderBy(_ => random.Next()).Take(1 + random.Next(left.Count)).ToList())
                if (target.Apply(change.Bytes) == AdmissionVerdict.Accepted) left.Remove(change);
            target.Commit();
        }
    }

    private static ChangeId? Cap(Replica replica, ReplicaId feed, DateTimeOffset latest)
    {
        replica.Begin();
        var id = replica.CapClock(feed, HybridTimestamp.FromUnixMilliseconds(latest.ToUnixTimeMilliseconds()));
        replica.Commit();
        return id;
    }

    private static void Append(Replica replica, LogRecord record)
    {
        replica.Begin();
        Assert.Equal(AdmissionVerdict.Accepted, replica.Apply(Changes.Craft(new(9, 9), 1, 1, [.. replica.Log.Heads], 1, record.Write(new byte[16])).Bytes));
        replica.Commit();
    }

    private static Replica NewReplica(int seed, int years) => Changes.NewReplica(seed, new FakeTimeProvider(s_now.AddYears(years)));

    private static Replica Reopen(Replica replica, int years) =>
        new(replica.Store, new FakeTimeProvider(s_now.AddYears(years)), new SeededRandom(77), TimeSpan.FromMinutes(5), TestKeys.Public);

    private static void Meet(Replica a, Replica b)
    {
        Changes.Push(a, b);
        Changes.Push(b, a);
    }

    private static void AssertSame(Replica expected, Replica actual) => Assert.Equal(expected.ComputeStateHash(), actual.ComputeStateHash());

    private static string TitleOf(Replica replica) => Read(replica).Title;

    private static Job Read(Replica replica)
    {
        var (key, state) = replica.ReadDocuments().Single();
        return Attach(key, state);
    }

    private static Job Attach(DocumentKey key, byte[] state) => Attach<Job>(key, state);

    private static T Attach<T>(DocumentKey key, byte[] state) where T : class, IEdgeDocument<T> =>
        T.Attach(FieldStore.Snapshot(T.Schema, Edge.Sync.Documents.DocumentCodec.Read(key, state)));
}
