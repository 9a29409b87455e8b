using Edge.Sync.Inference.Serving;

namespace Edge.Sync.Inference.Pipeline;

// Versions that are tried out: counted where they serve, compared where they are in the shadow.
internal sealed partial class InferenceEngine<T, TKey, TDecision>
{
    private ModelBinding? _shadow;
    private VersionTrial? _shadowTrial;

    public ModelBinding? SetShadow(ModelBinding? next, VersionTrial? trial)
    {
        lock (_gate)
        {
            var before = _shadow;
            (_shadow, _shadowTrial) = (next, trial);
            return before;
        }
    }

    private void RunShadow(int row, float score)
    {
        var (shadow, trial) = (_shadow!, _shadowTrial!);
        if (!trial.Samples())
            return;
        try
        {
            shadow.Prepare(FeaturesOf(row), 0);
            shadow.Runner.Run(1);
            var other = _plan.Score(shadow.InputOf(0), shadow.OutputOf(0)) / shadow.ScoreScale;
            trial.Count(isFault: !(float.IsFinite(other) && Math.Abs(other - score) <= trial.Tolerance));
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // It has no say, and so no error of its own either: it is a fault, which is counted.
            trial.Count(isFault: true);
        }
    }

    private void CountTrial(ModelBinding binding, bool isFault)
    {
        if (_slot.Trial is { } trial && trial.Hash == binding.Served.Hash)
            trial.Count(isFault);
    }

    // What a callback of the app throws is not the model's fault.
    private void CountTrial(ModelBinding binding, Exception error)
    {
        if (error is EdgeModelException)
            CountTrial(binding, isFault: true);
    }
}
