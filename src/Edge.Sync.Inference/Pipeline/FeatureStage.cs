using Edge.Sync.Inference.Backends;
using Edge.Sync.Inference.Features;
using Edge.Sync.Inference.Pipeline;
using Edge.Sync.Inference.Serving;

namespace Edge.Sync.Inference;

/// <summary>Third stage: rows of features, as they are or through further steps.</summary>
public sealed class FeatureStage<T, TKey> where TKey : notnull
{
    private readonly PipelinePlan<T, TKey> _plan;

    internal FeatureStage(PipelinePlan<T, TKey> plan) => _plan = plan;

    /// <summary>Says how the features are made: a version of the model that was made for others is refused before it serves, as far as its manifest (<see cref="ModelManifest.FeatureSet"/>) or its metadata (<see cref="ModelMetadataKeys.FeatureSet"/>) say so.</summary>
    /// <param name="featureSet">A name that is changed whenever features are made in another way; compared as it is written.</param>
    public FeatureStage<T, TKey> Named(string featureSet)
    {
        ArgumentException.ThrowIfNullOrEmpty(featureSet);
        return new(_plan with { FeatureSet = featureSet });
    }

    /// <summary>Normalises by the statistics that travel in the model's metadata (<see cref="ModelMetadataKeys"/>): each version by its own.</summary>
    public FeatureStage<T, TKey> Normalize() => With(MetadataNormalization.Create, _plan.InputWidth);

    /// <summary>Normalises all features alike.</summary>
    /// <param name="mean">Becomes 0.</param>
    /// <param name="scale">Becomes 1 above the mean; greater than 0.</param>
    public FeatureStage<T, TKey> Normalize(float mean, float scale)
    {
        var (means, scales) = (new float[_plan.InputWidth], new float[_plan.InputWidth]);
        Array.Fill(means, mean);
        Array.Fill(scales, scale);
        return Normalize(means, scales);
    }

    /// <summary>Normalises each feature by its own statistics.</summary>
    public FeatureStage<T, TKey> Normalize(ReadOnlySpan<float> mean, ReadOnlySpan<float> scale)
    {
        if (Normalization.Validate(mean, scale, _plan.InputWidth) is { } fault)
            throw new ArgumentException($"Features cannot be normalised: {fault}.", nameof(scale));
        var normalization = new Normalization(mean, scale);
        return With((_, _, _) => normalization, _plan.InputWidth);
    }

    /// <summary>Turns each row into the magnitudes of its frequencies: half a spectrum, of a Hann window, as long as half the next power of two and one.</summary>
    public FeatureStage<T, TKey> Spectrum()
    {
        var width = _plan.InputWidth;
        return With((_, _, _) => new SpectrumStage(width), new SpectrumStage(width).OutputWidth(width));
    }

    /// <summary>Turns each row into its <see cref="RowStatistics"/>.</summary>
    public FeatureStage<T, TKey> Statistics() => With(static (_, _, _) => new StatisticsStage(), RowStatistics.Count);

    /// <summary>Adds a step of one's own.</summary>
    /// <param name="create">Gets the width of the rows that go in, and makes the step: one for each version of the model, which is disposed with it.</param>
    public FeatureStage<T, TKey> Then(Func<int, ITensorStage> create)
    {
        ArgumentNullException.ThrowIfNull(create);
        using var one = create(_plan.InputWidth);
        return With((_, _, width) => create(width), one.OutputWidth(_plan.InputWidth));
    }

    /// <summary>Runs the model of that name in <see cref="EdgeInference.Models"/>: whichever version serves there.</summary>
    /// <param name="name">The model. A version of it must be there when the pipeline is built.</param>
    /// <param name="score">Makes a number of its output; by default <see cref="ModelScore.ReconstructionError"/>.</param>
    public ModelStage<T, TKey> Model(string name, ScoreFunction? score = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        return With(host => host.Registry[name], score);
    }

    /// <summary>Runs a model that comes with the pipeline. It is opened by <c>BuildAsync</c>; further versions are put in its place by <see cref="InferencePipeline{T, TDecision}.Model"/>.</summary>
    /// <param name="content">The model: bytes, a file, or code.</param>
    /// <param name="score">Makes a number of its output; by default <see cref="ModelScore.ReconstructionError"/>.</param>
    public ModelStage<T, TKey> Model(ModelContent content, ScoreFunction? score = null)
    {
        ArgumentNullException.ThrowIfNull(content);
        return With(host => OwnSlot(host, content), score);
    }

    /// <summary>Runs an ONNX model from memory.</summary>
    /// <param name="onnx">The bytes of an <c>.onnx</c> file; they are copied.</param>
    /// <param name="name">What errors call it.</param>
    /// <param name="score">Makes a number of its output; by default <see cref="ModelScore.ReconstructionError"/>.</param>
    public ModelStage<T, TKey> Model(ReadOnlySpan<byte> onnx, string name, ScoreFunction? score = null) => Model(ModelContent.FromBytes(name, onnx.ToArray()), score);

    private static ModelSlot OwnSlot(IPipelineHost host, ModelContent content)
    {
        var slot = host.Models.CreateSlot(content.Name);
        try
        {
            slot.Serve(content);
            return slot;
        }
        catch
        {
            host.Models.Remove(slot);
            throw;
        }
    }

    private FeatureStage<T, TKey> With(StageFactory stage, int width) => new(_plan with { Stages = _plan.Stages.Add(stage), InputWidth = width });

    private ModelStage<T, TKey> With(Func<IPipelineHost, ModelSlot> model, ScoreFunction? score) => new(_plan with { Model = model, Score = score ?? ModelScore.ReconstructionError });
}
