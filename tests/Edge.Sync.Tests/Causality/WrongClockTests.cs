using Edge.Sync.Tests.Log;
using Microsoft.Extensions.Time.Testing;

namespace Edge.Sync.Tests.Causality;

public class WrongClockTests
{
    private static readonly DateTimeOffset s_now = new(2026, 6, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly DocumentId s_pump = DocumentId.Named("pump-7");

    [Theory]
    [InlineData(-10)]
    [InlineData(10)]
    public void Write_that_saw_the_other_wins_whatever_the_clocks_say(int years)
    {
        var wrong = Changes.NewReplica(1, new FakeTimeProvider(s_now.AddYears(years)));
        var right = Changes.NewReplica(2, new FakeTimeProvider(s_now));
        for (var round = 0; round < 4; round++)
        {
            Changes.Edit(wrong, s_pump, job => job.Title = $"wrong {round}");
            Changes.Push(wrong, right);
            Changes.Edit(right, s_pump, job => job.Title = $"right {round}");
            Changes.Push(right, wrong);
            Assert.Equal($"right {round}", TitleOf(wrong));
            Assert.Equal($"right {round}", TitleOf(right));
        }
        Changes.Edit(wrong, s_pump, static job => job.Title = "last");
        Changes.Push(wrong, right);
        Assert.Equal("last", TitleOf(right));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Clocks_ten_years_off_both_ways_converge_flag_what_is_far_ahead_and_let_causality_win(int seed)
    {
        var random = new Random(seed);
        var behind = Changes.NewReplica(seed * 10, new FakeTimeProvider(s_now.AddYears(-10)));
        var right = Changes.NewReplica(seed * 10 + 1, new FakeTimeProvider(s_now));
        var ahead = Changes.NewReplica(seed * 10 + 2, new FakeTimeProvider(s_now.AddYears(10)));
        Replica[] all = [behind, right, ahead];
        for (var round = 0; round < 60; round++)
        {
            Changes.Edit(all[random.Next(3)], s_pump, job => (job.Title, job.Priority) = ($"{round}", (Priority)(round % 3)));
            if (random.Next(3) == 0) Changes.Push(all[random.Next(3)], all[random.Next(3)]);
        }
        MergeAll(all);
        Assert.Single(all.Select(TitleOf).Distinct());

        // Nobody is dragged along: each one's stamps are of its own clock, though all have seen the others'.
        foreach (var (replica, years) in all.Zip((int[])[-10, 0, 10]))
            Assert.All(Changes.All(replica).Where(change => change.Header.Replica == replica.Log.Self),
                change => Assert.InRange(change.Header.Timestamp.ToDateTimeOffset(), s_now.AddYears(years), s_now.AddYears(years).AddMinutes(5)));
        Assert.True(behind.FarFutureCount > right.FarFutureCount && right.FarFutureCount > 0, $"{behind.FarFutureCount}, {right.FarFutureCount}");
        Assert.Equal(0, ahead.FarFutureCount);

        // The log caps the clock that is ahead: from then on it counts as that of the others, everywhere, and what is far behind stays as it is.
        right.Begin();
        Assert.NotNull(right.CapClock(ahead.Log.Self, HybridTimestamp.FromUnixMilliseconds(s_now.ToUnixTimeMilliseconds())));
        right.Commit();
        MergeAll(all);
        Assert.Single(all.Select(static replica => Convert.ToHexString(replica.ComputeStateHash())).Distinct());
        Assert.All(all, replica => Assert.All(Changes.All(replica).Where(change => change.Header.Replica == ahead.Log.Self), static change => Assert.True(change.Stamp.ToDateTimeOffset() <= s_now)));
        Assert.Empty(right.FastClocks);

        // The clock that is behind writes last, knowing the others: it wins everywhere.
        Changes.Edit(behind, s_pump, static job => job.Title = "last");
        MergeAll(all);
        Assert.All(all, static replica => Assert.Equal("last", TitleOf(replica)));
    }

    [Fact]
    public async Task Clock_ten_years_ahead_that_is_set_right_never_goes_back_behind_its_own_past()
    {
        using var folder = new TempFolder();
        await using (var db = await EdgeDatabase.OpenAsync(new EdgeDatabaseOptions { Path = folder["a.db"], TimeProvider = new FakeTimeProvider(s_now.AddYears(10)) }))
            await db.Documents<Job>().EditAsync(s_pump, static job => job.Title = "ahead");
        await using var again = await EdgeDatabase.OpenAsync(new EdgeDatabaseOptions { Path = folder["a.db"], TimeProvider = new FakeTimeProvider(s_now) });
        await again.Documents<Job>().EditAsync(s_pump, static job => job.Title = "right");
        var stamps = (await Database.Exchange.ReadAllAsync(again)).ConvertAll(static stored => Edge.Sync.Log.Change.Parse(stored.Bytes).Header.Timestamp);
        Assert.True(stamps[1].CompareTo(stamps[0]) > 0);
        Assert.Equal("right", (await again.Documents<Job>().FindAsync(s_pump))!.Title);
    }

    private static void MergeAll(Replica[] all)
    {
        foreach (var source in all)
            foreach (var target in all)
                if (source != target) Changes.Push(source, target);
        foreach (var target in all)
            if (target != all[^1]) Changes.Push(all[^1], target);
    }

    [Fact]
    public void Clock_ten_years_ahead_does_not_drag_the_others_along()
    {
        var ahead = Changes.NewReplica(1, new FakeTimeProvider(s_now.AddYears(10)));
        var right = Changes.NewReplica(2, new FakeTimeProvider(s_now));
        Changes.Edit(ahead, s_pump, static job => job.Title = "x");
        Changes.Push(ahead, right);
        Assert.Equal(1, right.FarFutureCount);
        Changes.Edit(right, s_pump, static job => job.Title = "y");
        Assert.Equal(s_now, Changes.All(right)[^1].Header.Timestamp.ToDateTimeOffset());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Among_concurrent_writes_the_later_stamp_wins_on_every_replica(bool firstIsLater)
    {
        var first = Changes.NewReplica(1, new FakeTimeProvider(s_now.AddMinutes(firstIsLater ? 1 : 0)));
        var second = Changes.NewReplica(2, new FakeTimeProvider(s_now.AddMinutes(firstIsLater ? 0 : 1)));
        Changes.Edit(first, s_pump, static job => job.Title = "first");
        Changes.Edit(second, s_pump, static job => job.Title = "second");
        Changes.Push(first, second);
        Changes.Push(second, first);
        Assert.Equal(firstIsLater ? "first" : "second", TitleOf(first));
        Assert.Equal(TitleOf(first), TitleOf(second));
    }

    private static string TitleOf(Replica replica)
    {
        var (key, state) = replica.ReadDocuments().Single();
        return Attach<Job>(key, state).Title;
    }

    private static T Attach<T>(DocumentKey key, byte[] state) where T : class, IEdgeDocument<T> =>
        T.Attach(FieldStore.Snapshot(T.Schema, Edge.Sync.Documents.DocumentCodec.Read(key, state)));
}
