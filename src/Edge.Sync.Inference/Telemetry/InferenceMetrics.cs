namespace Edge.Sync.Inference;

/// <summary>What a pipeline has done since it was built: a snapshot, taken without allocation.</summary>
/// <remarks>
/// Everything is accounted for.
/// <list type="bullet">
/// <item>Where a run has a deadline: <c>Offered = Shed + Queued + Readings</c>, and <c>Readings = Done + Expired</c>.</item>
/// <item>Readings: each is late, a duplicate, over a limit, held back, or has entered its windows. For sliding windows of a count,
/// <c>Readings = Late + Duplicates + OverKeyLimit + HeldBack + WindowNotFull + Inferences + Skipped</c>.</item>
/// <item>Windows: <c>Inferences = Decisions + Undecided + NotFinite + Failed + Dropped</c>, but for those that wait for a batch just now.</item>
/// </list>
/// </remarks>
public readonly record struct InferenceMetrics
{
    /// <summary>Readings that the source of a run with a deadline gave; 0 without a deadline.</summary>
    public long Offered { get; init; }

    /// <summary>Of those, dropped because the queue was full.</summary>
    public long Shed { get; init; }

    /// <summary>Of those, waiting now.</summary>
    public long Queued { get; init; }

    /// <summary>Readings that were taken in, by a run or by hand.</summary>
    public long Readings { get; init; }

    /// <summary>Of those, too late for the deadline: they entered their windows, and the model was not asked.</summary>
    public long Expired { get; init; }

    /// <summary>Of those, the others.</summary>
    public long Done => Readings - Expired;

    /// <summary>Dropped: older than the newest of their key by more than the allowed lateness.</summary>
    public long Late { get; init; }

    /// <summary>Dropped: their key has a reading of that very instant.</summary>
    public long Duplicates { get; init; }

    /// <summary>Dropped: they came with a new key when <see cref="EdgeInferenceOptions.KeysMax"/> were known.</summary>
    public long OverKeyLimit { get; init; }

    /// <summary>Dropped: their window held <see cref="EdgeInferenceOptions.WindowReadingsMax"/> readings.</summary>
    public long OverWindowLimit { get; init; }

    /// <summary>Waiting now for earlier readings that may still come within the allowed lateness.</summary>
    public long HeldBack { get; init; }

    /// <summary>Taken into a window that they did not complete.</summary>
    public long WindowNotFull { get; init; }

    /// <summary>Windows that the model was asked about.</summary>
    public long Inferences { get; init; }

    /// <summary>Windows that the model was not asked about, because the reading that completed them had expired.</summary>
    public long Skipped { get; init; }

    /// <summary>Inferences that the rule made a decision of.</summary>
    public long Decisions { get; init; }

    /// <summary>Inferences that the rule made nothing of.</summary>
    public long Undecided { get; init; }

    /// <summary>Inferences whose score was infinite or not a number; the rule was not asked.</summary>
    public long NotFinite { get; init; }

    /// <summary>Inferences that ended in an error of the model or of a callback.</summary>
    public long Failed { get; init; }

    /// <summary>Inferences that a step before the model made nothing of; the model was not asked.</summary>
    public long Dropped { get; init; }

    /// <summary>Inferences that were begun in time and took longer than the deadline.</summary>
    public long Overruns { get; init; }

    /// <summary>Alarms about drift.</summary>
    public long DriftAlarms { get; init; }

    /// <summary>Versions of the model that took the place of others.</summary>
    public long Swaps { get; init; }

    /// <summary>Returns to the last good version.</summary>
    public long Fallbacks { get; init; }

    /// <summary>Times the model was unloaded.</summary>
    public long Unloads { get; init; }

    /// <summary>Times it was loaded again because it was asked.</summary>
    public long Reloads { get; init; }

    /// <summary>Half of the inferences took no longer, from the reading's arrival to the decision. Waiting for late readings is not counted, waiting in the queue is. Within 2 %.</summary>
    public TimeSpan LatencyP50 { get; init; }

    /// <summary>99 % of the inferences took no longer.</summary>
    public TimeSpan LatencyP99 { get; init; }

    /// <summary>The slowest inference.</summary>
    public TimeSpan LatencyMax { get; init; }
}
