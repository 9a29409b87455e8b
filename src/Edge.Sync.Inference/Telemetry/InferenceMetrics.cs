namespace Edge.Sync.Inference;

/// <summary>What a pipeline has done since it was built: a snapshot, taken without allocation.</summary>
/// <remarks>
/// Every reading is accounted for: <c>Readings = Late + Duplicates + OverKeyLimit + HeldBack + WindowNotFull + Inferences</c>, and
/// <c>Inferences = Decisions + Undecided + NotFinite</c>, unless a callback or the model threw.
/// </remarks>
public readonly record struct InferenceMetrics
{
    /// <summary>Readings that were offered.</summary>
    public long Readings { get; init; }

    /// <summary>Dropped: older than the newest of their key by more than the allowed lateness.</summary>
    public long Late { get; init; }

    /// <summary>Dropped: their key has a reading of that very instant.</summary>
    public long Duplicates { get; init; }

    /// <summary>Dropped: they came with a new key when <see cref="EdgeInferenceOptions.KeysMax"/> were known.</summary>
    public long OverKeyLimit { get; init; }

    /// <summary>Waiting now for earlier readings that may still come within the allowed lateness.</summary>
    public long HeldBack { get; init; }

    /// <summary>Taken into a window that had too few readings to ask the model.</summary>
    public long WindowNotFull { get; init; }

    /// <summary>Times the model was run.</summary>
    public long Inferences { get; init; }

    /// <summary>Inferences that the rule made a decision of.</summary>
    public long Decisions { get; init; }

    /// <summary>Inferences that the rule made nothing of.</summary>
    public long Undecided { get; init; }

    /// <summary>Inferences whose score was infinite or not a number; the rule was not asked.</summary>
    public long NotFinite { get; init; }

    /// <summary>Half of the inferences took no longer, from the reading's arrival to the decision. Waiting for late readings is not counted. Within 2 %.</summary>
    public TimeSpan LatencyP50 { get; init; }

    /// <summary>99 % of the inferences took no longer.</summary>
    public TimeSpan LatencyP99 { get; init; }

    /// <summary>The slowest inference.</summary>
    public TimeSpan LatencyMax { get; init; }
}
