using Edge.Sync.Inference.Backends;

namespace Edge.Sync.Inference.Serving;

/// <summary>Makes a step of the way from features to the model's input, for one version of the model.</summary>
internal delegate ITensorStage StageFactory(ModelContent content, ILoadedModel model, int inputWidth);

/// <summary>What a pipeline does around every version of its model.</summary>
internal sealed record BindingPlan
{
    private const int WarmUpRuns = 5;
    private const int ProbeRows = 4;

    /// <summary>Features before any step.</summary>
    public required int FeatureCount { get; init; }

    /// <summary>How they are made; null where nothing is said.</summary>
    public string? FeatureSet { get; init; }

    public required IReadOnlyList<StageFactory> Stages { get; init; }

    public required IReadOnlyList<Func<IModelRunner, IModelRunner>> Decorators { get; init; }

    public required int RowsMax { get; init; }

    public required ScoreFunction Score { get; init; }

    /// <summary>A version that takes longer is refused; null where any may serve.</summary>
    public required TimeSpan? Deadline { get; init; }

    public required TimeProvider TimeProvider { get; init; }

    public ModelBinding Bind(ModelContent content, ILoadedModel model)
    {
        EdgeModelException Invalid(string message, Exception? inner = null) => ModelMetadata.Invalid(content, model, message, inner);

        var stages = new List<ITensorStage>(Stages.Count);
        IModelRunner? runner = null;
        try
        {
            var made = content.FeatureSet.Length > 0 ? content.FeatureSet : model.Metadata.GetValueOrDefault(ModelMetadataKeys.FeatureSet, "");
            if (FeatureSet is not null && made.Length > 0 && made != FeatureSet)
                throw Invalid($"The model '{content.Name}' was made for features '{made}', and the pipeline makes '{FeatureSet}'. Build the pipeline that makes '{made}', or roll out a version that was trained on '{FeatureSet}'.");
            var width = FeatureCount;
            foreach (var create in Stages)
            {
                var stage = create(content, model, width);
                stages.Add(stage);
                try
                {
                    width = stage.OutputWidth(width);
                }
                catch (ArgumentException e)
                {
                    throw Invalid($"The stage '{stage.Name}' before the model '{content.Name}' takes no row of {width} features: {e.Message}", e);
                }
            }
            if (model.InputWidth != width)
                throw Invalid($"The model '{content.Name}' takes {model.InputWidth} features and the pipeline makes {width}. Write Features({model.InputWidth}, …), or use a model that was trained on {width}.");
            if (Score == ModelScore.ReconstructionError && model.OutputWidth != model.InputWidth)
                throw Invalid($"The model '{content.Name}' answers {model.InputWidth} features with {model.OutputWidth} values, so it is no autoencoder. Say how it is scored: Model(…, ModelScore.FirstOutput).");
            runner = model.CreateRunner(RowsMax);
            foreach (var decorate in Decorators)
                runner = decorate(runner);
            var binding = new ModelBinding(content, model, runner, [.. stages], FeatureCount, ModelMetadata.ScoreScale(content, model));
            WarmUp(binding);
            return binding;
        }
        catch
        {
            runner?.Dispose();
            foreach (var stage in stages)
                stage.Dispose();
            throw;
        }
    }

    // Zeros, then noise as a normalised sensor gives it. One row of odd numbers may well have no finite answer; if none has, no frame would ever have one.
    private void WarmUp(ModelBinding binding)
    {
        var (runner, width) = (binding.Runner, binding.Model.InputWidth);
        var row = runner.Input[..width];
        row.Clear();
        var state = 1u;
        var finite = false;
        for (var probe = 0; probe <= ProbeRows; probe++)
        {
            runner.Run(1);
            finite |= float.IsFinite(Score(row, runner.Output[..binding.Model.OutputWidth]));
            foreach (ref var value in row)
                value = (((state = state * 1_664_525 + 1_013_904_223) >> 8) / (float)(1 << 24) - 0.5f) * 4;
        }
        if (!finite)
            throw binding.Invalid($"The model '{binding.Content.Name}' answers every input it was tried with by no finite number. Train or export it again; the version that served before is not touched.");
        if (Deadline is { } deadline && Median(runner) is var median && median > deadline)
            throw binding.Invalid($"The model '{binding.Content.Name}' takes {median.TotalMilliseconds:0.###} ms, and the deadline of the pipeline is {deadline.TotalMilliseconds:0.###} ms: Within(…). Use a smaller model, or allow it more time.");
        runner.Input.Clear();
    }

    private TimeSpan Median(IModelRunner runner)
    {
        Span<long> times = stackalloc long[WarmUpRuns];
        foreach (ref var time in times)
        {
            var started = TimeProvider.GetTimestamp();
            runner.Run(1);
            time = TimeProvider.GetElapsedTime(started).Ticks;
        }
        times.Sort();
        return TimeSpan.FromTicks(times[WarmUpRuns / 2]);
    }
}
