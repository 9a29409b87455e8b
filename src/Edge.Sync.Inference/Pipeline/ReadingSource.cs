using Edge.Sync.Inference.Pipeline;

namespace Edge.Sync.Inference;

/// <summary>First stage: where readings come from.</summary>
public sealed class ReadingSource<T>
{
    private readonly EdgeInference _owner;
    private readonly IAsyncEnumerable<T> _source;

    internal ReadingSource(EdgeInference owner, IAsyncEnumerable<T> source) => (_owner, _source) = (owner, source);

    /// <summary>The newest <paramref name="count"/> readings of each key, by their own instants; one window for each reading, once there are enough.</summary>
    /// <param name="key">What a reading is of, such as a machine. Readings of different keys never share a window.</param>
    /// <param name="at">When it was taken. One key has one reading an instant: a second one is a duplicate.</param>
    /// <param name="count">Readings in a window.</param>
    /// <param name="allowedLateness">
    /// How much later than a newer one a reading may arrive. Within it, results do not depend on the order of arrival; the price is that each
    /// decision waits until its key has seen a reading that much newer. Zero, the default, decides at once and drops what is out of order.
    /// </param>
    public WindowStage<T, TKey> Sliding<TKey>(Func<T, TKey> key, Func<T, DateTimeOffset> at, int count, TimeSpan allowedLateness = default) where TKey : notnull
    {
        ArgumentNullException.ThrowIfNull(key);
        ArgumentNullException.ThrowIfNull(at);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, WindowStage<T, TKey>.CountMax);
        ArgumentOutOfRangeException.ThrowIfLessThan(allowedLateness, TimeSpan.Zero);
        return new(new PipelinePlan<T, TKey> { Owner = _owner, Source = _source, Key = key, At = at, Count = count, AllowedLateness = allowedLateness });
    }
}
