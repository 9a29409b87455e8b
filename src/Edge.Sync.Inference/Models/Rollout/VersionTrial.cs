namespace Edge.Sync.Inference;

/// <summary>Counts what one version does on this device while it is tried out. Safe for several threads.</summary>
internal sealed class VersionTrial(RolloutOrder order, ModelHash hash)
{
    private long _offered, _frames, _faults;

    public RolloutOrder Order { get; } = order;

    public ModelHash Hash { get; } = hash;

    /// <summary>Whether this inference is one of the sample: evenly spread.</summary>
    public bool Samples()
    {
        var number = Interlocked.Increment(ref _offered);
        return Math.Floor(number * Order.Plan.ShadowSample) > Math.Floor((number - 1) * Order.Plan.ShadowSample);
    }

    public void Count(bool isFault)
    {
        if (isFault)
            Interlocked.Increment(ref _faults);
        Interlocked.Increment(ref _frames);
    }

    /// <summary>What was counted since the last call.</summary>
    public (long Frames, long Faults) Take()
    {
        var faults = Interlocked.Exchange(ref _faults, 0);
        return (Math.Max(Interlocked.Exchange(ref _frames, 0), faults), faults);
    }
}
