namespace Edge.Sync.Inference;

/// <summary>What is known of a rollout's version so far, from all devices whose reports are here.</summary>
/// <param name="Frames">Inferences by the version, in the shadow or in earnest.</param>
/// <param name="Faults">Of these, those that failed.</param>
/// <param name="Devices">Devices that reported.</param>
public readonly record struct RolloutGuard(long Frames, long Faults, int Devices)
{
    /// <summary>The share of faults; 0 where there are no frames yet.</summary>
    public double ErrorRate => Frames == 0 ? 0 : (double)Faults / Frames;
}
