namespace Edge.Sync.Inference;

/// <summary>Where a model's rollout stands, by all that this replica knows.</summary>
public sealed record RolloutStatus
{
    /// <summary>The version that devices answer by which have no other; null where none is through.</summary>
    public required ModelVersion? Stable { get; init; }

    /// <summary>The version on its way; null where none is.</summary>
    public required ModelVersion? Candidate { get; init; }

    /// <summary>The version that this device is to answer by.</summary>
    public required ModelVersion? Here { get; init; }

    /// <summary>The version that this device computes beside that, without a say.</summary>
    public required ModelVersion? ShadowHere { get; init; }

    /// <summary>Of how many inferences it does; from 0 to 1.</summary>
    public required double ShadowSample { get; init; }

    /// <summary>How far a score in the shadow may be off.</summary>
    public required double ShadowTolerance { get; init; }

    /// <summary>The candidate's stage, from 1; 0 where there is none.</summary>
    public required int Stage { get; init; }

    /// <summary>How many stages it has.</summary>
    public required int StageCount { get; init; }

    /// <summary>What was seen of the candidate, or of the stable version where there is none.</summary>
    public required RolloutGuard Guard { get; init; }

    /// <summary>Why versions were taken back, oldest first.</summary>
    public required IReadOnlyList<string> Stops { get; init; }

    /// <summary>Manifests that were rolled out and are not here or refused; what runs goes on meanwhile.</summary>
    public required IReadOnlyList<EdgeModelException> Faults { get; init; }

    internal RolloutOrder? Order { get; init; }

    internal RolloutOrder? HereOrder { get; init; }
}
