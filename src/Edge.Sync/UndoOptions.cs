namespace Edge.Sync;

/// <summary>How an <see cref="UndoHistory"/> gathers and how much it keeps.</summary>
public sealed record UndoOptions
{
    /// <summary>An edit that follows the last one of this history within this time is taken back together with it, as keystrokes should be.</summary>
    /// <value>The default is zero: every edit is a step of its own.</value>
    public TimeSpan GroupInterval { get; init; }

    /// <summary>How many steps are kept; the oldest go first.</summary>
    /// <value>The default is 1,000.</value>
    public int StepsMax { get; init; } = 1000;

    /// <summary>How many bytes of steps are kept, beside the newest step; the oldest go first.</summary>
    /// <value>The default is 16 MiB.</value>
    public long BytesMax { get; init; } = 16 << 20;

    /// <summary>How large one edit may be to be kept; one that is larger cannot be taken back, and undoing says so.</summary>
    /// <value>The default is 4 MiB.</value>
    public int StepBytesMax { get; init; } = 4 << 20;

    internal void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(GroupInterval, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(StepsMax);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(BytesMax);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(StepBytesMax);
    }
}
