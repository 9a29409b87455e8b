namespace Edge.Sync.Tests.Series;

/// <summary>A series that is slow and obviously right: a sorted dictionary.</summary>
internal sealed class SeriesModel
{
    private readonly SortedDictionary<(string Key, long Ticks), Reading> _points = new(Comparer<(string Key, long Ticks)>.Create(static (a, b) =>
        string.CompareOrdinal(a.Key, b.Key) is var order && order != 0 ? order : a.Ticks.CompareTo(b.Ticks)));

    public IEnumerable<Reading> Points => _points.Values;

    public bool Has(Reading point) => _points.ContainsKey((point.Press, point.At.UtcTicks));

    public void Append(Reading point) => _points[(point.Press, point.At.UtcTicks)] = point with { At = point.At.ToUniversalTime() };

    public List<Reading> Query(string? key, DateTimeOffset from, DateTimeOffset end) => [.. Points.Where(p => (key is null || p.Press == key) && p.At >= from && p.At < end)];

    public Reading? Latest(string? key) => Points.Where(p => key is null || p.Press == key).Cast<Reading?>().MaxBy(static p => p!.Value.At.UtcTicks);

    public static List<(string Key, DateTimeOffset Start, long Count, SeriesSummary Vibration, SeriesSummary Temperature)> Downsample(IEnumerable<Reading> points, TimeSpan bucket) =>
        [.. points.GroupBy(p => (p.Press, Start: p.At.UtcTicks / bucket.Ticks * bucket.Ticks)).OrderBy(static g => g.Key.Press, StringComparer.Ordinal).ThenBy(static g => g.Key.Start)
            .Select(static g => (g.Key.Press, new DateTimeOffset(g.Key.Start, TimeSpan.Zero), g.LongCount(), Summary(g, static p => p.Vibration), Summary(g, static p => p.Temperature)))];

    private static SeriesSummary Summary(IEnumerable<Reading> points, Func<Reading, float> value)
    {
        var all = points.OrderBy(static p => p.At.UtcTicks).Select(p => (double)value(p)).ToList();
        var numbers = all.Where(static v => !double.IsNaN(v)).ToList();
        return numbers.Count == 0 ? new(0, double.NaN, double.NaN, double.NaN, all[^1]) : new(numbers.Count, numbers.Min(), numbers.Max(), numbers.Sum(), all[^1]);
    }

    public static void AssertEqual(IReadOnlyList<(string Key, DateTimeOffset Start, long Count, SeriesSummary Vibration, SeriesSummary Temperature)> expected, IReadOnlyList<SeriesBucket> actual, string what)
    {
        Assert.True(expected.Count == actual.Count, $"{what}: {expected.Count} buckets were expected, there are {actual.Count}");
        for (var i = 0; i < expected.Count; i++)
        {
            Assert.True(expected[i].Key == actual[i].Key && expected[i].Start == actual[i].Start && expected[i].Count == actual[i].Count, $"{what}, bucket {i}: {expected[i]}, not {actual[i].Key} {actual[i].Start} {actual[i].Count}");
            AssertEqual(expected[i].Vibration, actual[i][nameof(Reading.Vibration)], $"{what}, bucket {i}");
            AssertEqual(expected[i].Temperature, actual[i][nameof(Reading.Temperature)], $"{what}, bucket {i}");
        }
    }

    // A sum depends on the order in its last digits.
    private static void AssertEqual(SeriesSummary expected, SeriesSummary actual, string what) =>
        Assert.True((expected with { Sum = 0 }).Equals(actual with { Sum = 0 }) && (expected.Sum.Equals(actual.Sum) || Math.Abs(expected.Sum - actual.Sum) <= 1e-9 * Math.Max(1, Math.Abs(expected.Sum)) * expected.Count), $"{what}: {expected}, not {actual}");
}
