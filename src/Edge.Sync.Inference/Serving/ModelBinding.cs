using Edge.Sync.Inference.Backends;

namespace Edge.Sync.Inference.Serving;

/// <summary>One version of a model, ready to serve one pipeline: its runner, the steps before it, and who answers for it. Not safe for several threads.</summary>
/// <remarks>All that depends on the version is in here, and is exchanged by one assignment: no inference ever mixes two versions.</remarks>
internal sealed class ModelBinding : IDisposable
{
    private readonly ITensorStage[] _stages;
    private readonly float[][] _between;
    private readonly int _featureCount;

    public ModelBinding(ModelContent content, ILoadedModel model, IModelRunner runner, ITensorStage[] stages, int featureCount, float scoreScale)
    {
        (Content, Model, Runner, ScoreScale) = (content, model, runner, scoreScale);
        (_stages, _featureCount) = (stages, featureCount);
        Served = new(content.Name, content.Version ?? model.Version, content.Hash, model.Place, model.Fallbacks, model.InputWidth, model.OutputWidth, model.MemoryBytes);
        _between = new float[Math.Max(0, stages.Length - 1)][];
        var width = featureCount;
        for (var i = 0; i < _between.Length; i++)
            _between[i] = new float[width = stages[i].OutputWidth(width)];
    }

    public ModelContent Content { get; }

    public ILoadedModel Model { get; }

    public IModelRunner Runner { get; }

    public ServedModel Served { get; }

    /// <summary>What scores are divided by.</summary>
    public float ScoreScale { get; }

    /// <summary>Inferences in a row that failed or had no finite score; the pipeline counts.</summary>
    public int FaultsInARow { get; set; }

    /// <summary>Fills a row of the model's input from features.</summary>
    /// <returns>False where a step drops it.</returns>
    public bool Prepare(ReadOnlySpan<float> features, int row)
    {
        var input = InputOf(row);
        if (_stages.Length == 0)
        {
            features.CopyTo(input);
            return true;
        }
        var from = features;
        for (var i = 0; i < _stages.Length; i++)
        {
            var to = i < _between.Length ? _between[i] : input;
            try
            {
                if (!_stages[i].Process(from, to))
                    return false;
            }
            catch (Exception e) when (e is not EdgeModelException)
            {
                throw Invalid($"The stage '{_stages[i].Name}' before the model '{Content.Name}' failed: {e.Message}", e);
            }
            from = to;
        }
        return true;
    }

    public Span<float> InputOf(int row) => Runner.Input.Slice(row * Model.InputWidth, Model.InputWidth);

    public ReadOnlySpan<float> OutputOf(int row) => Runner.Output.Slice(row * Model.OutputWidth, Model.OutputWidth);

    public EdgeModelException Invalid(string message, Exception? inner = null) => ModelMetadata.Invalid(Content, Model, message, inner);

    /// <summary>Disposes what is this pipeline's; the model itself is its slot's.</summary>
    public void Dispose()
    {
        Runner.Dispose();
        foreach (var stage in _stages)
            stage.Dispose();
    }
}
