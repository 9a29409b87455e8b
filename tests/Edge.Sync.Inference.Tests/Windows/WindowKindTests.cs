using Edge.Sync.Inference.Windows;

namespace Edge.Sync.Inference.Tests.Windows;

/// <summary>Every kind of window, on readings in any order within the lateness, gives what its definition says of the sorted readings.</summary>
public class WindowKindTests
{
    private const int ReadingsMax = 10_000;

    public static TheoryData<string> Kinds => new("sliding", "tumbling", "hopping", "sliding time", "tumbling time", "hopping time", "session", "short session");

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Windows_are_those_of_the_definition_in_any_order_of_arrival(string kind)
    {
        for (var seed = 0; seed < 300; seed++)
        {
            var random = new Random(seed);
            var (size, step) = (random.Next(1, 20), 0);
            step = random.Next(1, size + 1);
            var lateness = random.Next(0, 40);
            // Dense stretches and silences, so that windows are full, partly filled, empty.
            var readings = new List<int>();
            for (var at = random.Next(0, 50); readings.Count < 120; at += random.Next(8) == 0 ? random.Next(1, 100) : random.Next(1, 5))
                readings.Add(at);
            var expected = Definition(kind, readings, size, step);

            var arrivals = readings.OrderBy(at => at + random.Next(0, lateness + 1)).ToList();
            var actual = Run(Shape(kind, size, step), arrivals, lateness);

            Assert.True(expected.SequenceEqual(actual), $"seed {seed}, {kind} {size}/{step}, lateness {lateness}:\nexpected {string.Join(" | ", expected)}\nactual   {string.Join(" | ", actual)}");
        }
    }

    [Fact]
    public void Window_of_time_closes_as_soon_as_the_watermark_passes_its_end()
    {
        var window = new EventTimeWindow<int>(new TimeWindow<int>(10, 10, ReadingsMax), allowedLatenessTicks: 5, heldBackMax: 100);
        var closed = new List<string>();
        foreach (var at in new[] { 3, 14 })
        {
            window.Accept(at, at);
            Drain(window, closed);
            Assert.Empty(closed);
        }

        // 15 - 5 is the end of [0, 10), though 14 and 15 themselves are held back.
        window.Accept(15, 15);
        Drain(window, closed);
        Assert.Equal(["3"], closed);
        Assert.Equal(2, window.HeldBack);
    }

    [Fact]
    public void Silent_key_gives_its_windows_when_time_is_said_to_have_passed()
    {
        var window = new EventTimeWindow<int>(new SessionWindow<int>(5, long.MaxValue, ReadingsMax), allowedLatenessTicks: 2, heldBackMax: 100);
        var closed = new List<string>();
        window.Accept(3, 3);
        Drain(window, closed);
        window.MoveTo(8);
        Drain(window, closed);
        Assert.Empty(closed);

        window.MoveTo(9);
        Drain(window, closed);
        Assert.Equal(["3"], closed);
        Assert.Equal(Arrival.Late, window.Accept(8, 8));
    }

    [Theory]
    [InlineData("sliding time")]
    [InlineData("tumbling time")]
    [InlineData("session")]
    public void Full_window_leaves_further_readings_out_and_says_so(string kind)
    {
        WindowShape<int> shape = kind switch
        {
            "sliding time" => new SlidingTimeWindow<int>(100, 3),
            "tumbling time" => new TimeWindow<int>(100, 100, 3),
            _ => new SessionWindow<int>(100, long.MaxValue, 3),
        };
        var window = new EventTimeWindow<int>(shape, 0, 100);
        var left = 0;
        for (var at = 1; at <= 5; at++)
        {
            window.Accept(at, at);
            while (window.TryAdvance(out var items) is var step and not Advance.None)
            {
                Assert.True(items.Length <= 3);
                left += step == Advance.LeftOut ? 1 : 0;
            }
        }
        Assert.Equal(2, left);
    }

    [Fact]
    public void Long_run_of_time_windows_keeps_its_memory()
    {
        var shape = new EventTimeWindow<int>(new TimeWindow<int>(50, 10, ReadingsMax), 0, 100);
        void Feed(int from, int count)
        {
            for (var at = from; at < from + count; at++)
            {
                shape.Accept(at, at);
                while (shape.TryAdvance(out _) != Advance.None)
                {
                }
            }
        }

        Feed(0, 10_000);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Feed(10_000, 100_000);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private static WindowShape<int> Shape(string kind, int size, int step) => kind switch
    {
        "sliding" => new CountWindow<int>(size, 1),
        "tumbling" => new CountWindow<int>(size, size),
        "hopping" => new CountWindow<int>(size, step),
        "sliding time" => new SlidingTimeWindow<int>(size, ReadingsMax),
        "tumbling time" => new TimeWindow<int>(size, size, ReadingsMax),
        "hopping time" => new TimeWindow<int>(size, step, ReadingsMax),
        "session" => new SessionWindow<int>(size, long.MaxValue, ReadingsMax),
        _ => new SessionWindow<int>(step, size, ReadingsMax),
    };

    /// <summary>The windows of sorted readings by the words of their definitions, as slowly as may be.</summary>
    private static List<string> Definition(string kind, List<int> sorted, int size, int step)
    {
        var windows = new List<IEnumerable<int>>();
        switch (kind)
        {
            case "sliding" or "tumbling" or "hopping":
                var by = kind == "sliding" ? 1 : kind == "tumbling" ? size : step;
                for (var last = size - 1; last < sorted.Count; last += by)
                    windows.Add(sorted.GetRange(last + 1 - size, size));
                break;
            case "sliding time":
                windows.AddRange(sorted.Select(at => sorted.Where(other => other > at - size && other <= at)));
                break;
            case "tumbling time" or "hopping time":
                var hop = kind == "tumbling time" ? size : step;
                for (var start = -size / hop * hop; start <= sorted[^1]; start += hop)
                    windows.Add(sorted.Where(at => at >= start && at < start + size).ToList());
                windows.RemoveAll(static window => !window.Any());
                break;
            default:
                var (gap, longest) = kind == "session" ? (size, int.MaxValue) : (step, size);
                var session = new List<int>();
                foreach (var at in sorted)
                {
                    if (session.Count > 0 && (at - session[^1] > gap || at - session[0] > longest))
                    {
                        windows.Add(session);
                        session = [];
                    }
                    session.Add(at);
                }
                windows.Add(session);
                break;
        }
        return [.. windows.Select(static window => string.Join(',', window))];
    }

    private static List<string> Run(WindowShape<int> shape, List<int> arrivals, int lateness)
    {
        var window = new EventTimeWindow<int>(shape, lateness, ReadingsMax);
        var given = new List<string>();
        foreach (var at in arrivals)
        {
            Assert.Equal(Arrival.Taken, window.Accept(at, at));
            Drain(window, given);
        }
        Drain(window, given, all: true);
        return given;
    }

    private static void Drain(EventTimeWindow<int> window, List<string> given, bool all = false)
    {
        while (window.TryAdvance(out var items, all) is var step and not Advance.None)
            if (step is Advance.Completed or Advance.Closed)
                given.Add(string.Join(',', items.ToArray()));
    }
}
