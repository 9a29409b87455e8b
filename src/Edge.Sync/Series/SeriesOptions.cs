namespace Edge.Sync;

/// <summary>How long a series keeps its points, and in how much room. What is too old becomes coarser, step by step, and then goes.</summary>
/// <remarks>
/// Age counts back from the newest point, or from this device's clock where that is behind it: so neither a sensor that went silent nor a point from the future makes anything old.
/// Points grow old in blocks: they may stay up to a sixteenth longer than said here.
/// </remarks>
public sealed record SeriesOptions
{
    /// <summary>How long points are kept as they are.</summary>
    /// <value>The default is 7 days.</value>
    public TimeSpan KeepPoints { get; init; } = TimeSpan.FromDays(7);

    /// <summary>What they become then, from fine to coarse. Empty: they go.</summary>
    /// <value>The default is minutes for 90 days, then hours for five years.</value>
    public IReadOnlyList<SeriesLevel> Levels { get; init; } = [new(TimeSpan.FromMinutes(1), TimeSpan.FromDays(90)), new(TimeSpan.FromHours(1), TimeSpan.FromDays(5 * 365))];

    /// <summary>How many bytes the blocks of the series may take. Beyond it, the oldest of what takes most becomes coarser before its time, or goes. SQLite needs about a tenth more.</summary>
    /// <value>The default is 256 MB.</value>
    public long BytesMax { get; init; } = 256 << 20;

    /// <summary>How many keys it may have at a time. One more fails with <see cref="EdgeErrorCode.LimitExceeded"/>; a key whose points are all gone counts no longer.</summary>
    /// <value>The default is 10,000.</value>
    public int KeysMax { get; init; } = 10_000;

    internal void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(KeepPoints, TimeSpan.Zero);
        ArgumentNullException.ThrowIfNull(Levels);
        ArgumentOutOfRangeException.ThrowIfLessThan(BytesMax, 64 << 10);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(KeysMax);
        var (bucket, keep) = (1L, KeepPoints);
        foreach (var level in Levels)
        {
            if (level.Bucket < TimeSpan.FromMilliseconds(1) || level.Bucket.Ticks <= bucket || level.Bucket.Ticks % bucket != 0)
                throw new ArgumentException($"A level's buckets of {level.Bucket} are not a multiple of those before it, of {TimeSpan.FromTicks(bucket)}, nor of a millisecond or more.", nameof(Levels));
            if (level.Keep < keep) throw new ArgumentException($"Buckets of {level.Bucket} are kept for {level.Keep}, shorter than what is finer, for {keep}.", nameof(Levels));
            (bucket, keep) = (level.Bucket.Ticks, level.Keep);
        }
    }
}

/// <summary>Points that are put together.</summary>
/// <param name="Bucket">How long a stretch becomes one: a millisecond or more, and a multiple of the level before it.</param>
/// <param name="Keep">How old it may be.</param>
public readonly record struct SeriesLevel(TimeSpan Bucket, TimeSpan Keep);
