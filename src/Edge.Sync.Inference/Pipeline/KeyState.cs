using Edge.Sync.Inference.Drift;
using Edge.Sync.Inference.Windows;

namespace Edge.Sync.Inference.Pipeline;

/// <summary>What a pipeline holds of one key.</summary>
internal sealed class KeyState<T>(EventTimeWindow<T> window)
{
    public EventTimeWindow<T> Window => window;

    /// <summary>Watches the scores of this key by the version that serves; null where nobody watches.</summary>
    public ScoreMonitor? Scores { get; set; }
}
