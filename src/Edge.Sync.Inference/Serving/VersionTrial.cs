namespace Edge.Sync.Inference.Serving;

/// <summary>Counts what one version does on this device while it is tried out. Safe for several threads.</summary>
/// <param name="hash">The version.</param>
/// <param name="sample">In the shadow: of how many inferences it computes too.</param>
/// <param name="tolerance">In the shadow: how far its score may be off.</param>
internal sealed class VersionTrial(ModelHash hash, double sample = 0, double tolerance = double.PositiveInfinity)
{
    private long _offered, _frames, _faults;

    public ModelHash Hash { get; } = hash;

    public double Tolerance { get; } = tolerance;

    /// <summary>Whether a fault was counted since <see cref="Take"/>: what others should hear of at once.</summary>
    public bool HasFaults => Interlocked.Read(ref _faults) > 0;

    /// <summary>Whether this inference is one of the sample: evenly spread.</summary>
    public bool Samples()
    {
        var number = Interlocked.Increment(ref _offered);
        return Math.Floor(number * sample) > Math.Floor((number - 1) * sample);
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
