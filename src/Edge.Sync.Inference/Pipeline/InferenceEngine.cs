using Edge.Sync.Inference.Models;
using Edge.Sync.Inference.Telemetry;
using Edge.Sync.Inference.Windows;

namespace Edge.Sync.Inference.Pipeline;

/// <summary>Reading → window → features → model → decision. Allocates only for a key's first reading, and what the callbacks make.</summary>
internal sealed class InferenceEngine<T, TKey, TDecision>(
    PipelinePlan<T, TKey> plan, DecisionRule<T, TKey, TDecision> decide, OnnxModel model, Normalization? normalization) : IInferenceEngine<T, TDecision>
    where TKey : notnull
    where TDecision : class
{
    private readonly EdgeInferenceOptions _options = plan.Owner.Options;
    private readonly Dictionary<TKey, EventTimeWindow<T>> _windows = [];
    private readonly LatencyHistogram _latency = new();
    private readonly float _scoreScale = MetadataNumbers.ScoreScale(model);
    private readonly Lock _gate = new();
    private InferenceCounts _counts;
    private bool _disposed;

    public void Accept(T reading, Queue<TDecision> decisions)
    {
        lock (_gate)
        {
            ThrowIfDisposed();
            var arrived = _options.TimeProvider.GetTimestamp();
            var key = plan.Key(reading);
            var at = plan.At(reading).UtcTicks;
            _counts.Readings++;
            if (WindowOf(key) is not { } window)
            {
                _counts.OverKeyLimit++;
                return;
            }
            switch (window.Accept(at, reading))
            {
                case Arrival.Late:
                    _counts.Late++;
                    break;
                case Arrival.Duplicate:
                    _counts.Duplicates++;
                    break;
                default:
                    while (window.TryAdvance())
                        Infer(key, window.Window, arrived, decisions);
                    break;
            }
        }
    }

    public void Flush(Queue<TDecision> decisions)
    {
        lock (_gate)
        {
            ThrowIfDisposed();
            var arrived = _options.TimeProvider.GetTimestamp();
            foreach (var (key, window) in _windows)
                while (window.TryAdvance(all: true))
                    Infer(key, window.Window, arrived, decisions);
        }
    }

    public InferenceMetrics Metrics
    {
        get
        {
            lock (_gate)
            {
                var heldBack = 0L;
                foreach (var window in _windows.Values)
                    heldBack += window.HeldBack;
                return new()
                {
                    Readings = _counts.Readings,
                    Late = _counts.Late,
                    Duplicates = _counts.Duplicates,
                    OverKeyLimit = _counts.OverKeyLimit,
                    HeldBack = heldBack,
                    WindowNotFull = _counts.WindowNotFull,
                    Inferences = _counts.Inferences,
                    Decisions = _counts.Decisions,
                    Undecided = _counts.Undecided,
                    NotFinite = _counts.NotFinite,
                    LatencyP50 = Duration(_latency.QuantileNanoseconds(0.50)),
                    LatencyP99 = Duration(_latency.QuantileNanoseconds(0.99)),
                    LatencyMax = Duration(_latency.MaxNanoseconds),
                };
            }
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            if (_disposed)
                return;
            _disposed = true;
            model.Dispose();
        }
    }

    private void Infer(TKey key, SlidingWindow<T> window, long arrived, Queue<TDecision> decisions)
    {
        if (!window.IsFull)
        {
            _counts.WindowNotFull++;
            return;
        }
        _counts.Inferences++;
        var features = model.Input;
        features.Clear();
        plan.Extract!(window.Items, features);
        normalization?.Apply(features);
        model.Run();
        var score = plan.Score(features, model.Output) / _scoreScale;
        if (!float.IsFinite(score))
        {
            _counts.NotFinite++;
        }
        else if (decide(new Inference<T, TKey>(key, window.Items, features, model.Output, score)) is { } decision)
        {
            _counts.Decisions++;
            decisions.Enqueue(decision);
        }
        else
        {
            _counts.Undecided++;
        }
        _latency.Record(_options.TimeProvider.GetElapsedTime(arrived).Ticks * TimeSpan.NanosecondsPerTick);
    }

    private EventTimeWindow<T>? WindowOf(TKey key)
    {
        if (_windows.TryGetValue(key, out var window))
            return window;
        if (_windows.Count >= _options.KeysMax)
            return null;
        window = new(plan.Count, plan.AllowedLateness.Ticks, _options.HeldBackMax);
        _windows.Add(key, window);
        return window;
    }

    private void ThrowIfDisposed() => ObjectDisposedException.ThrowIf(_disposed, typeof(InferencePipeline<T, TDecision>));

    private static TimeSpan Duration(long nanoseconds) => TimeSpan.FromTicks(nanoseconds / TimeSpan.NanosecondsPerTick);
}
