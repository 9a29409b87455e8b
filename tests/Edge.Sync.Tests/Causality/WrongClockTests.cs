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
