using Edge.Sync.Inference.Pipeline;
using Edge.Sync.Inference.Windows;

namespace Edge.Sync.Inference;

/// <summary>First stage: where readings come from.</summary>
/// <remarks>
/// Every kind of window goes by the readings' own instants. <c>allowedLateness</c> is how much later than a newer one of its key a reading may arrive: within it, results do
/// not depend on the order of arrival; the price is that each window waits until its key has seen a reading that much newer. Zero decides at once and drops what is out of order.
/// <c>key</c> is what a reading is of, such as a machine: readings of different keys never share a window. <c>at</c> is when it was taken: one key has one reading an instant,
/// and a second one is a duplicate.
/// </remarks>
public sealed class ReadingSource<T>
{
    private const int CountMax = 1 << 20;

    private readonly IPipelineHost _host;
    private readonly IAsyncEnumerable<T> _source;

    internal ReadingSource(IPipelineHost host, IAsyncEnumerable<T> source) => (_host, _source) = (host, source);

    /// <summary>The newest <paramref name="count"/> readings of each key; one window for each reading, once there are enough.</summary>
    public WindowStage<T, TKey> Sliding<TKey>(Func<T, TKey> key, Func<T, DateTimeOffset> at, int count, TimeSpan allowedLateness = default) where TKey : notnull =>
        OfCount(key, at, count, step: 1, allowedLateness);

    /// <summary>Each <paramref name="count"/> readings of a key, which no other window has.</summary>
    public WindowStage<T, TKey> Tumbling<TKey>(Func<T, TKey> key, Func<T, DateTimeOffset> at, int count, TimeSpan allowedLateness = default) where TKey : notnull =>
        OfCount(key, at, count, count, allowedLateness);

    /// <summary>The newest <paramref name="count"/> readings of a key; one window for each <paramref name="step"/> readings, once there are enough.</summary>
    /// <param name="key">What a reading is of.</param>
    /// <param name="at">When it was taken.</param>
    /// <param name="count">Readings in a window.</param>
    /// <param name="step">Readings from one window to the next, at most <paramref name="count"/>.</param>
    /// <param name="allowedLateness">How late a reading may come.</param>
    public WindowStage<T, TKey> Hopping<TKey>(Func<T, TKey> key, Func<T, DateTimeOffset> at, int count, int step, TimeSpan allowedLateness = default) where TKey : notnull =>
        OfCount(key, at, count, step, allowedLateness);

    /// <summary>For each reading, all readings of its key in the <paramref name="duration"/> up to it: of <c>(at - duration, at]</c>.</summary>
    public WindowStage<T, TKey> Sliding<TKey>(Func<T, TKey> key, Func<T, DateTimeOffset> at, TimeSpan duration, TimeSpan allowedLateness = default) where TKey : notnull
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(duration, TimeSpan.Zero);
        return With(key, at, readingsMax => new SlidingTimeWindow<T>(duration.Ticks, readingsMax), allowedLateness);
    }

    /// <summary>All readings of a key in each <paramref name="duration"/>, counted from year 1 in UTC: hours begin at the hour. A window closes when a reading shows that it is over.</summary>
    public WindowStage<T, TKey> Tumbling<TKey>(Func<T, TKey> key, Func<T, DateTimeOffset> at, TimeSpan duration, TimeSpan allowedLateness = default) where TKey : notnull =>
        Hopping(key, at, duration, duration, allowedLateness);

    /// <summary>All readings of a key in each <paramref name="duration"/>, beginning every <paramref name="hop"/>, counted from year 1 in UTC.</summary>
    /// <param name="key">What a reading is of.</param>
    /// <param name="at">When it was taken.</param>
    /// <param name="duration">How long a window is.</param>
    /// <param name="hop">From one window's begin to the next one's, at most <paramref name="duration"/>.</param>
    /// <param name="allowedLateness">How late a reading may come.</param>
    public WindowStage<T, TKey> Hopping<TKey>(Func<T, TKey> key, Func<T, DateTimeOffset> at, TimeSpan duration, TimeSpan hop, TimeSpan allowedLateness = default) where TKey : notnull
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(duration, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(hop, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(hop, duration);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(duration, DurationMax);
        return With(key, at, readingsMax => new TimeWindow<T>(duration.Ticks, hop.Ticks, readingsMax), allowedLateness);
    }

    /// <summary>Readings of a key with no gap longer than <paramref name="gap"/> between them, such as one run of a machine.</summary>
    /// <param name="key">What a reading is of.</param>
    /// <param name="at">When it was taken.</param>
    /// <param name="gap">The longest silence within a session.</param>
    /// <param name="durationMax">A session that would last longer ends, and the next begins; null for any length.</param>
    /// <param name="allowedLateness">How late a reading may come.</param>
    public WindowStage<T, TKey> Session<TKey>(Func<T, TKey> key, Func<T, DateTimeOffset> at, TimeSpan gap, TimeSpan? durationMax = null, TimeSpan allowedLateness = default) where TKey : notnull
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(gap, TimeSpan.Zero);
        if (durationMax is { } max)
            ArgumentOutOfRangeException.ThrowIfLessThan(max, gap);
        return With(key, at, readingsMax => new SessionWindow<T>(gap.Ticks, durationMax?.Ticks ?? long.MaxValue, readingsMax), allowedLateness);
    }

    // Ends of windows stay within the range of instants.
    private static TimeSpan DurationMax => TimeSpan.FromDays(366 * 100);

    private WindowStage<T, TKey> OfCount<TKey>(Func<T, TKey> key, Func<T, DateTimeOffset> at, int count, int step, TimeSpan allowedLateness) where TKey : notnull
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, CountMax);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(step);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(step, count);
        return With(key, at, _ => new CountWindow<T>(count, step), allowedLateness);
    }

    private WindowStage<T, TKey> With<TKey>(Func<T, TKey> key, Func<T, DateTimeOffset> at, Func<int, WindowShape<T>> create, TimeSpan allowedLateness) where TKey : notnull
    {
        ArgumentNullException.ThrowIfNull(key);
        ArgumentNullException.ThrowIfNull(at);
        ArgumentOutOfRangeException.ThrowIfLessThan(allowedLateness, TimeSpan.Zero);
        return new(new() { Host = _host, Source = _source, Key = key, At = at, Windows = new(create, allowedLateness) });
    }
}
