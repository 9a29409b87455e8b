using Edge.Sync.Inference.Models;

namespace Edge.Sync.Inference.Pipeline;

/// <summary>What the stages have gathered so far; each stage copies it, so a stage can be the start of several pipelines.</summary>
internal sealed record PipelinePlan<T, TKey> where TKey : notnull
{
    public required EdgeInference Owner { get; init; }

    public required IAsyncEnumerable<T> Source { get; init; }

    public required Func<T, TKey> Key { get; init; }

    public required Func<T, DateTimeOffset> At { get; init; }

    public required int Count { get; init; }

    public required TimeSpan AllowedLateness { get; init; }

    public int FeatureCount { get; init; }

    public FeatureExtractor<T>? Extract { get; init; }

    /// <summary>Makes the normalisation once the model is loaded; null where features go in as they are.</summary>
    public Func<OnnxModel, Normalization>? Normalize { get; init; }

    public ModelSource? Model { get; init; }

    public ScoreFunction Score { get; init; } = ModelScore.ReconstructionError;
}
