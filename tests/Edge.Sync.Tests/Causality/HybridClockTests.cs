using Microsoft.Extensions.Time.Testing;

namespace Edge.Sync.Tests.Causality;

public class HybridClockTests
{
    private static readonly DateTimeOffset s_start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan s_drift = TimeSpan.FromMinutes(5);

    [Fact]
    public void Stamps_rise_while_the_wall_clock_stands()
    {
        var clock = new HybridClock(new FakeTimeProvider(s_start), s_drift);
        var last = clock.Next();
        for (var i = 0; i < 200_000; i++) // more than the 65,536 that fit into one millisecond
        {
            var next = clock.Next();
            Assert.True(next.CompareTo(last) > 0);
            last = next;
        }
        Assert.InRange(last.ToDateTimeOffset(), s_start, s_start.AddMilliseconds(4));
    }

    [Fact]
    public void Stamps_rise_while_the_wall_clock_goes_back()
    {
        var time = new SettableTime { Now = s_start };
        var clock = new HybridClock(time, s_drift);
        var last = clock.Next();
        foreach (var years in (int[])[-1, -20, 0, 3, -50])
        {
            time.Now = s_start.AddYears(years);
            for (var i = 0; i < 10; i++)
            {
                var next = clock.Next();
                Assert.True(next.CompareTo(last) > 0);
                last = next;
            }
        }
    }

    [Fact]
    public void Wall_clock_that_goes_on_is_followed()
    {
        var time = new FakeTimeProvider(s_start);
        var clock = new HybridClock(time, s_drift);
        clock.Next();
        time.Advance(TimeSpan.FromDays(1));
        Assert.Equal(s_start.AddDays(1), clock.Next().ToDateTimeOffset());
    }

    [Fact]
    public void Foreign_stamp_within_the_drift_limit_is_followed()
    {
        var clock = new HybridClock(new FakeTimeProvider(s_start), s_drift);
        var foreign = Stamp(s_start + s_drift);
        Assert.True(clock.Observe(foreign));
        Assert.True(clock.Next().CompareTo(foreign) > 0);
    }

    [Fact]
    public void Foreign_stamp_beyond_the_drift_limit_is_not_followed()
    {
        var clock = new HybridClock(new FakeTimeProvider(s_start), s_drift);
        Assert.False(clock.Observe(Stamp(s_start + s_drift + TimeSpan.FromMilliseconds(1))));
        Assert.False(clock.Observe(new(ulong.MaxValue)));
        Assert.Equal(s_start, clock.Next().ToDateTimeOffset());
    }

    [Fact]
    public void Foreign_stamp_of_the_past_changes_nothing()
    {
        var clock = new HybridClock(new FakeTimeProvider(s_start), s_drift);
        var before = clock.Next();
        Assert.True(clock.Observe(default));
        Assert.Equal(before.Value + 1, clock.Next().Value);
    }

    [Fact]
    public void Own_past_is_never_repeated_whatever_the_wall_clock_says()
    {
        var clock = new HybridClock(new FakeTimeProvider(s_start), s_drift);
        var past = Stamp(s_start.AddYears(10));
        clock.Restore(past);
        Assert.Equal(past.Value + 1, clock.Next().Value);
    }

    [Fact]
    public void Time_before_1970_and_far_beyond_is_clamped()
    {
        Assert.Equal(0UL, HybridTimestamp.FromUnixMilliseconds(-1).Value);
        Assert.Equal((1L << 48) - 1, HybridTimestamp.FromUnixMilliseconds(long.MaxValue).UnixMilliseconds);
    }

    private static HybridTimestamp Stamp(DateTimeOffset time) => HybridTimestamp.FromUnixMilliseconds(time.ToUnixTimeMilliseconds());

    /// <summary>A wall clock that may go back, which the fake one refuses to do.</summary>
    private sealed class SettableTime : TimeProvider
    {
        public DateTimeOffset Now { get; set; }

        public override DateTimeOffset GetUtcNow() => Now;
    }
}
