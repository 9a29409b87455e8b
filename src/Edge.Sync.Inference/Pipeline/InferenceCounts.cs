namespace Edge.Sync.Inference.Pipeline;

/// <summary>Running counts; see <see cref="InferenceMetrics"/> for what each means.</summary>
internal struct InferenceCounts
{
    public long Readings, Late, Duplicates, OverKeyLimit, OverWindowLimit, WindowNotFull, Expired, Skipped;
    public long Inferences, Decisions, Undecided, NotFinite, Failed, Dropped, Overruns, DriftAlarms, Swaps, Fallbacks, Unloads, Reloads;
}
