using Edge.Sync.Inference.Pipeline;

namespace Edge.Sync.Inference;

/// <summary>Second stage: windows of readings.</summary>
public sealed class WindowStage<T, TKey> where TKey : notnull
{
    internal const int CountMax = 1 << 20;

    private readonly PipelinePlan<T, TKey> _plan;

    internal WindowStage(PipelinePlan<T, TKey> plan) => _plan = plan;

    /// <summary>Makes a row of numbers of each window.</summary>
    /// <param name="count">How many: the width of the model's input.</param>
    /// <param name="extract">Fills them in.</param>
    public FeatureStage<T, TKey> Features(int count, FeatureExtractor<T> extract)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count);
        ArgumentNullException.ThrowIfNull(extract);
        return new(_plan with { FeatureCount = count, Extract = extract });
    }
}
