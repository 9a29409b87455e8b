using System.Collections.Immutable;
using Edge.Sync.Inference.Drift;
using Edge.Sync.Inference.Overload;
using Edge.Sync.Inference.Serving;

namespace Edge.Sync.Inference.Pipeline;

/// <summary>What the stages have gathered so far; each stage copies it, so a stage can be the start of several pipelines.</summary>
internal sealed record PipelinePlan<T, TKey> where TKey : notnull
{
    public required IPipelineHost Host { get; init; }

    public required IAsyncEnumerable<T> Source { get; init; }

    public required Func<T, TKey> Key { get; init; }

    public required Func<T, DateTimeOffset> At { get; init; }

    public required WindowSpec<T> Windows { get; init; }

    /// <summary>Features that <see cref="Extract"/> fills.</summary>
    public int FeatureCount { get; init; }

    /// <summary>How they are made; null where nothing is said.</summary>
    public string? FeatureSet { get; init; }

    public FeatureExtractor<T>? Extract { get; init; }

    public ImmutableArray<StageFactory> Stages { get; init; } = [];

    /// <summary>Features that the model gets, as far as it is known before the model is.</summary>
    public int InputWidth { get; init; }

    /// <summary>The slot of the model; called by <c>BuildAsync</c>, since a model that came with the pipeline gets a slot of its own each time.</summary>
    public Func<IPipelineHost, ModelSlot>? Model { get; init; }

    public ScoreFunction Score { get; init; } = ModelScore.ReconstructionError;

    public ImmutableArray<Func<IModelRunner, IModelRunner>> Decorators { get; init; } = [];

    public ImmutableArray<Func<InferenceObserver<T, TKey>>> Observers { get; init; } = [];

    public int BatchMax { get; init; } = 1;

    public OverloadPlan? Overload { get; init; }

    public DriftOptions? Drift { get; init; }

    public BindingPlan ToBinding() => new()
    {
        FeatureCount = FeatureCount,
        FeatureSet = FeatureSet,
        Stages = Stages,
        Decorators = Decorators,
        RowsMax = BatchMax,
        Score = Score,
        Deadline = Overload?.Deadline,
        TimeProvider = Host.Options.TimeProvider,
    };
}
