using Edge.Sync.Series;

namespace Edge.Sync;

/// <summary>The points of one key in a stretch of time, put together.</summary>
public sealed class SeriesBucket
{
    private readonly SeriesShape _shape;
    private readonly SeriesSummary[] _values;

    internal SeriesBucket(string key, DateTimeOffset start, TimeSpan duration, long count, SeriesShape shape, SeriesSummary[] values) =>
        (Key, Start, Duration, Count, _shape, _values) = (key, start, duration, count, shape, values);

    /// <summary>What the points are of; empty where the series has no key.</summary>
    public string Key { get; }

    /// <summary>The begin of the stretch, in UTC. Stretches are counted from year 1: hours begin at the hour.</summary>
    public DateTimeOffset Start { get; }

    /// <summary>How long it is.</summary>
    public TimeSpan Duration { get; }

    /// <summary>How many points there were, 1 or more.</summary>
    public long Count { get; }

    /// <summary>What one value was: <c>bucket[nameof(Reading.Temperature)].Max</c>.</summary>
    /// <exception cref="ArgumentException">A point has no value of that name.</exception>
    public SeriesSummary this[string value] => Array.FindIndex(_shape.Columns, column => column.Name == value) is >= 0 and var i ? _values[i]
        : throw new ArgumentException($"A point has no value '{value}'; it has {string.Join(", ", _shape.Columns.Select(static column => column.Name))}.", nameof(value));
}

/// <summary>What one value was in a stretch of time. NaN is not counted; where there were no numbers, all but <see cref="Count"/> are NaN.</summary>
/// <param name="Count">How many numbers there were.</param>
/// <param name="Min">The least one.</param>
/// <param name="Max">The greatest one.</param>
/// <param name="Sum">Their sum.</param>
/// <param name="Last">The value of the last point, which may be NaN.</param>
/// <remarks>All are of 64 bits: exact for float, and for integers up to 2^53.</remarks>
public readonly record struct SeriesSummary(long Count, double Min, double Max, double Sum, double Last)
{
    /// <summary>The mean of the numbers.</summary>
    public double Mean => Count == 0 ? double.NaN : Sum / Count;
}
