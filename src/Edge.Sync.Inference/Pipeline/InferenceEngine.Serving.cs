using Edge.Sync.Inference.Drift;
using Edge.Sync.Inference.Serving;
using Edge.Sync.Inference.Telemetry;

namespace Edge.Sync.Inference.Pipeline;

// What the slot of the model asks of its pipelines.
internal sealed partial class InferenceEngine<T, TKey, TDecision>
{
    public long LastUsed => Volatile.Read(ref _lastUsed);

    public ModelBinding Bind(ModelContent content, ILoadedModel model)
    {
        // A histogram that does not fit refuses the version, rather than being found when it serves.
        if (_plan.Drift is not null)
            ReferenceHistogram.FromMetadata(content, model);
        return _plan.ToBinding().Bind(content, model);
    }

    public ModelBinding? Swap(ModelBinding? next, SwapReason reason)
    {
        lock (_gate)
        {
            if (_isInferring)
                throw new InvalidOperationException("A callback of the pipeline changed its model. Let it decide, and act on the decision outside.");
            var before = _binding;
            _binding = next;
            switch (reason)
            {
                case SwapReason.Swap:
                    _counts.Swaps++;
                    break;
                case SwapReason.FallBack:
                    _counts.Fallbacks++;
                    break;
                case SwapReason.Unload:
                    _counts.Unloads++;
                    break;
                case SwapReason.Reload:
                    _counts.Reloads++;
                    break;
            }
            if (next is not null)
            {
                InferenceTelemetry.CountSwap(next.Served, reason);
                if (reason != SwapReason.Reload)
                    WatchAnew(next);
            }
            return before;
        }
    }

    // What is usual for one version is not for another.
    private void WatchAnew(ModelBinding binding)
    {
        if (_plan.Drift is not { } options)
            return;
        foreach (var state in _keys.Values)
            state.Scores = null;
        _inputs = ReferenceHistogram.FromMetadata(binding.Content, binding.Model) is { } reference ? new(options, reference) : null;
    }

    /// <summary>Loads the model again; never under the lock, since the slot takes it.</summary>
    /// <returns>Why that failed; null where it did not.</returns>
    private EdgeModelException? Reload()
    {
        try
        {
            _slot.EnsureLoaded();
            return null;
        }
        catch (EdgeModelException e)
        {
            return e;
        }
    }

    private void FallBackIfBroken()
    {
        if (Volatile.Read(ref _broken) is null)
            return;
        if (Interlocked.Exchange(ref _broken, null) is { } broken)
            _slot.FallBack(broken);
    }
}
