namespace Edge.Sync.Inference.Pipeline;

/// <summary>Running counts; see <see cref="InferenceMetrics"/> for what each means.</summary>
internal struct InferenceCounts
{
    public long Readings, Late, Duplicates, OverKeyLimit, WindowNotFull, Inferences, Decisions, Undecided, NotFinite;
}
