using Edge.Sync.Inference.Drift;
using Edge.Sync.Inference.Pipeline;

namespace Edge.Sync.Inference;

/// <summary>Fourth stage: scored windows, and what surrounds the model.</summary>
public sealed class ModelStage<T, TKey> where TKey : notnull
{
    private const int BatchMax = 4_096;
    private const int CapacityMax = 1 << 20;

    private readonly PipelinePlan<T, TKey> _plan;

    internal ModelStage(PipelinePlan<T, TKey> plan) => _plan = plan;

    /// <summary>Wraps what runs the model, for each version anew. The first call is the innermost.</summary>
    /// <param name="decorate">Makes a runner around another; see <see cref="DelegatingModelRunner"/>.</param>
    public ModelStage<T, TKey> Use(Func<IModelRunner, IModelRunner> decorate)
    {
        ArgumentNullException.ThrowIfNull(decorate);
        return new(_plan with { Decorators = _plan.Decorators.Add(decorate) });
    }

    /// <summary>
    /// Judges up to so many windows in one run of the model, where that many are there. Nothing ever waits for a batch to fill: a reading that comes alone is judged at once.
    /// A model that leaves its number of rows open gains by it; others are run row by row.
    /// </summary>
    public ModelStage<T, TKey> Batch(int max)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(max);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(max, BatchMax);
        return new(_plan with { BatchMax = max });
    }

    /// <summary>Judges each reading of a run within <paramref name="deadline"/> of its arrival, or not at all: a late verdict helps nobody, and only makes the next one late.</summary>
    /// <param name="deadline">A model that takes longer by itself is refused when it is loaded. A reading that cannot be done in time enters its window and is counted as expired.</param>
    /// <param name="policy">What goes when the queue is full.</param>
    /// <param name="capacity">Readings that may wait.</param>
    public ModelStage<T, TKey> Within(TimeSpan deadline, ShedPolicy policy = ShedPolicy.DropOldest, int capacity = 1_024)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(deadline, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(capacity);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(capacity, CapacityMax);
        return new(_plan with { Overload = new(deadline, policy, capacity) });
    }

    /// <summary>Watches whether inputs or scores are still what they were; see <see cref="DriftOptions"/>.</summary>
    public ModelStage<T, TKey> Drift(DriftOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        return new(_plan with { Drift = options });
    }

    /// <summary>Shows every scored inference to <paramref name="observer"/>, before the decision.</summary>
    public ModelStage<T, TKey> Observe(InferenceObserver<T, TKey> observer)
    {
        ArgumentNullException.ThrowIfNull(observer);
        return Observe(() => observer);
    }

    /// <summary>Shows a sample of the inferences to <paramref name="observer"/>: to label them later, or to train on them.</summary>
    /// <param name="share">Of all, from 0 to 1. Which ones follows from <paramref name="seed"/> and their number, so a run that is repeated takes the same.</param>
    /// <param name="observer">Gets them.</param>
    /// <param name="seed">Another one takes others.</param>
    public ModelStage<T, TKey> Sample(double share, InferenceObserver<T, TKey> observer, ulong seed = 0)
    {
        ArgumentNullException.ThrowIfNull(observer);
        ArgumentOutOfRangeException.ThrowIfNegative(share);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(share, 1);
        return new SamplingStage<T, TKey>(share, seed, observer).AddTo(this);
    }

    internal ModelStage<T, TKey> Observe(Func<InferenceObserver<T, TKey>> create) => new(_plan with { Observers = _plan.Observers.Add(create) });

    /// <summary>Says what follows from an inference; null is nothing.</summary>
    public DecisionStage<T, TKey, TDecision> Decide<TDecision>(DecisionRule<T, TKey, TDecision> decide) where TDecision : class
    {
        ArgumentNullException.ThrowIfNull(decide);
        return new(_plan, decide, sinks: [], explain: null);
    }
}
