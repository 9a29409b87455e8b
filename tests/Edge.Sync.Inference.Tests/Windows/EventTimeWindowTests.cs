using Edge.Sync.Inference.Windows;

namespace Edge.Sync.Inference.Tests.Windows;

public class EventTimeWindowTests
{
    private const int HeldBackMax = 1_000;

    [Fact]
    public void Readings_in_any_order_within_the_allowed_lateness_enter_in_the_order_of_their_instants()
    {
        for (var seed = 0; seed < 300; seed++)
        {
            var random = new Random(seed);
            var lateness = random.Next(0, 40);
            // Each reading arrives at its instant plus a delay within the lateness: what is newer and came before is newer by no more than that.
            var readings = Enumerable.Range(0, 200).Select(_ => random.Next(0, 600)).Distinct().ToArray();
            var arrivals = readings.OrderBy(at => at + random.Next(0, lateness + 1)).ToArray();

            var window = new EventTimeWindow<int>(new CountWindow<int>(1, 1), lateness, HeldBackMax);
            var entered = new List<int>();
            foreach (var at in arrivals)
            {
                var arrival = window.Accept(at, at);
                Assert.True(arrival == Arrival.Taken, $"seed {seed}: {at} was {arrival}");
                Drain(window, entered);
            }
            Drain(window, entered, all: true);

            Assert.Equal(readings.Order(), entered);
            Assert.Equal(0, window.HeldBack);
        }
    }

    [Fact]
    public void Reading_is_late_exactly_beyond_the_allowed_lateness()
    {
        var window = new EventTimeWindow<int>(new CountWindow<int>(1, 1), allowedLatenessTicks: 10, HeldBackMax);
        var entered = new List<int>();
        Assert.Equal(Arrival.Taken, window.Accept(100, 100));
        Drain(window, entered);

        Assert.Equal(Arrival.Late, window.Accept(89, 89));
        Assert.Equal(Arrival.Taken, window.Accept(90, 90));
        Drain(window, entered);

        Assert.Equal([90], entered);
        Assert.Equal(1, window.HeldBack);
    }

    [Fact]
    public void Second_reading_of_an_instant_is_a_duplicate_whether_the_first_waits_or_has_entered()
    {
        var window = new EventTimeWindow<int>(new CountWindow<int>(1, 1), allowedLatenessTicks: 10, HeldBackMax);
        var entered = new List<int>();
        Assert.Equal(Arrival.Taken, window.Accept(100, 1));
        Assert.Equal(Arrival.Duplicate, window.Accept(100, 2));
        Drain(window, entered, all: true);
        Assert.Equal(Arrival.Duplicate, window.Accept(100, 3));
        Drain(window, entered, all: true);

        Assert.Equal([1], entered);
    }

    [Fact]
    public void Without_lateness_a_reading_enters_at_once()
    {
        var window = new EventTimeWindow<int>(new CountWindow<int>(1, 1), allowedLatenessTicks: 0, HeldBackMax);
        for (var at = 1; at < 5; at++)
        {
            Assert.Equal(Arrival.Taken, window.Accept(at, at));
            Assert.Equal(Advance.Completed, window.TryAdvance(out var items));
            Assert.Equal([at], items.ToArray());
            Assert.Equal(Advance.None, window.TryAdvance(out _));
        }
    }

    [Fact]
    public void Full_buffer_lets_the_earliest_go_and_stays_within_its_limit()
    {
        var window = new EventTimeWindow<int>(new CountWindow<int>(1, 1), allowedLatenessTicks: long.MaxValue, heldBackMax: 3);
        var entered = new List<int>();
        foreach (var at in new[] { 50, 40, 30, 60, 20, 70 })
        {
            window.Accept(at, at);
            Drain(window, entered);
            Assert.True(window.HeldBack <= 3);
        }

        // 20 came after 30 had to go; all others are in order.
        Assert.Equal([30, 40], entered);
        Drain(window, entered, all: true);
        Assert.Equal([30, 40, 50, 60, 70], entered);
    }

    private static void Drain(EventTimeWindow<int> window, List<int> entered, bool all = false)
    {
        while (window.TryAdvance(out var items, all) != Advance.None)
            entered.Add(items[^1]);
    }
}
