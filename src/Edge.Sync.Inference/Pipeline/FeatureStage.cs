using Edge.Sync.Inference.Models;
using Edge.Sync.Inference.Pipeline;

namespace Edge.Sync.Inference;

/// <summary>Third stage: rows of features, as they are or normalised.</summary>
public sealed class FeatureStage<T, TKey> where TKey : notnull
{
    private readonly PipelinePlan<T, TKey> _plan;

    internal FeatureStage(PipelinePlan<T, TKey> plan) => _plan = plan;

    /// <summary>Normalises by the statistics that travel in the model's metadata (<see cref="ModelMetadataKeys"/>).</summary>
    public FeatureStage<T, TKey> Normalize() => new(_plan with { Normalize = Normalization.FromMetadata });

    /// <summary>Normalises all features alike.</summary>
    /// <param name="mean">Becomes 0.</param>
    /// <param name="scale">Becomes 1 above the mean; greater than 0.</param>
    public FeatureStage<T, TKey> Normalize(float mean, float scale)
    {
        var (means, scales) = (new float[_plan.FeatureCount], new float[_plan.FeatureCount]);
        Array.Fill(means, mean);
        Array.Fill(scales, scale);
        return Normalize(means, scales);
    }

    /// <summary>Normalises each feature by its own statistics.</summary>
    public FeatureStage<T, TKey> Normalize(ReadOnlySpan<float> mean, ReadOnlySpan<float> scale)
    {
        if (Normalization.Validate(mean, scale, _plan.FeatureCount) is { } fault)
            throw new ArgumentException($"Features cannot be normalised: {fault}.", nameof(scale));
        var normalization = new Normalization(mean, scale);
        return new(_plan with { Normalize = _ => normalization });
    }

    /// <summary>Runs an ONNX model from a file. It is opened by <c>BuildAsync</c>.</summary>
    /// <param name="path">The <c>.onnx</c> file.</param>
    /// <param name="score">Makes a number of its output; by default <see cref="ModelScore.ReconstructionError"/>.</param>
    public ModelStage<T, TKey> Model(string path, ScoreFunction? score = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return With(ModelSource.File(path), score);
    }

    /// <summary>Runs an ONNX model from memory.</summary>
    /// <param name="onnx">The bytes of an <c>.onnx</c> file; they are copied.</param>
    /// <param name="name">What errors call it.</param>
    /// <param name="score">Makes a number of its output; by default <see cref="ModelScore.ReconstructionError"/>.</param>
    public ModelStage<T, TKey> Model(ReadOnlySpan<byte> onnx, string name, ScoreFunction? score = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        return With(ModelSource.Memory(name, onnx.ToArray()), score);
    }

    private ModelStage<T, TKey> With(ModelSource source, ScoreFunction? score) =>
        new(_plan with { Model = source, Score = score ?? ModelScore.ReconstructionError });
}
