using Edge.Sync.Inference.Pipeline;

namespace Edge.Sync.Inference;

/// <summary>Fourth stage: scored windows.</summary>
public sealed class ModelStage<T, TKey> where TKey : notnull
{
    private readonly PipelinePlan<T, TKey> _plan;

    internal ModelStage(PipelinePlan<T, TKey> plan) => _plan = plan;

    /// <summary>Says what follows from an inference; null is nothing.</summary>
    public DecisionStage<T, TKey, TDecision> Decide<TDecision>(DecisionRule<T, TKey, TDecision> decide) where TDecision : class
    {
        ArgumentNullException.ThrowIfNull(decide);
        return new(_plan, decide, sink: null);
    }
}
