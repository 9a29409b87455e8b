using Edge.Sync.Inference.Backends;
using Edge.Sync.Inference.Decisions;
using Edge.Sync.Inference.Drift;
using Edge.Sync.Inference.Serving;
using Edge.Sync.Inference.Telemetry;
using Edge.Sync.Inference.Windows;

namespace Edge.Sync.Inference.Pipeline;

/// <summary>Reading → window → features → model → decision. Allocates only for a key's first reading, and what the callbacks make.</summary>
/// <remarks>
/// Invariants, under the lock:
/// <list type="bullet">
/// <item>an inference takes its version from <c>_binding</c> once, and a swap waits for the lock: no reading is lost to a swap or judged by two versions;</item>
/// <item>what waits for a batch is features, not the model's input, so a batch may be judged by another version than the one that served when it began;</item>
/// <item>every window that is complete is counted in exactly one of decisions, undecided, not finite, failed, dropped, skipped.</item>
/// </list>
/// The host's lock is never taken under this one.
/// </remarks>
internal sealed partial class InferenceEngine<T, TKey, TDecision> : IInferenceEngine<T, TDecision>, IModelUser
    where TKey : notnull
    where TDecision : class
{
    private readonly PipelinePlan<T, TKey> _plan;
    private readonly DecisionRule<T, TKey, TDecision> _decide;
    private readonly DecisionExplainer<TDecision>? _explain;
    private readonly InferenceObserver<T, TKey>[] _observers;
    private readonly EdgeInferenceOptions _options;
    private readonly ModelSlot _slot;
    private readonly bool _keepsProvenance;
    private readonly Dictionary<TKey, KeyState<T>> _keys = [];
    private readonly LatencyHistogram _latency = new();
    private readonly Lock _gate = new();

    private readonly float[] _features;
    private readonly PendingRow<T, TKey>[] _rows;
    private int _pending;
    private float[] _explained = [];
    private float[] _shares = [];

    private readonly Queue<DriftAlarm> _drift = [];
    private InputMonitor? _inputs;

    private ModelBinding? _binding;
    private ModelBinding? _broken;
    private InferenceCounts _counts;
    private long _lastUsed;
    private bool _isInferring;
    private bool _isStopped;

    public InferenceEngine(PipelinePlan<T, TKey> plan, DecisionRule<T, TKey, TDecision> decide, DecisionExplainer<TDecision>? explain, ModelSlot slot, bool keepsProvenance)
    {
        (_plan, _decide, _explain, _slot, _keepsProvenance) = (plan, decide, explain, slot, keepsProvenance);
        _options = plan.Host.Options;
        _observers = [.. plan.Observers.Select(static create => create())];
        _features = new float[plan.BatchMax * plan.FeatureCount];
        _rows = new PendingRow<T, TKey>[plan.BatchMax];
        for (var i = 0; i < _rows.Length; i++)
            _rows[i] = new();
        _lastUsed = _options.TimeProvider.GetTimestamp();
    }

    public void Accept(T reading, long arrivedAt, bool isExpired, bool mayWait, Queue<Decided<TDecision>> decisions)
    {
        EdgeModelException? unloadable = null;
        try
        {
            while (!TryAccept(reading, arrivedAt, isExpired, mayWait, decisions, unloadable))
                unloadable = Reload();
        }
        finally
        {
            FallBackIfBroken();
        }
    }

    public void Complete(Queue<Decided<TDecision>> decisions) => WithModel(decisions, static (engine, decisions, _) => engine.RunPending(decisions), 0);

    public void MoveTo(DateTimeOffset instant, Queue<Decided<TDecision>> decisions) => WithModel(decisions, static (engine, decisions, instant) =>
    {
        foreach (var (key, state) in engine._keys)
        {
            state.Window.MoveTo(instant.UtcTicks);
            engine.Advance(key, state, engine._options.TimeProvider.GetTimestamp(), isExpired: false, decisions);
        }
        engine.RunPending(decisions);
    }, instant);

    public void Flush(Queue<Decided<TDecision>> decisions) => WithModel(decisions, static (engine, decisions, _) =>
    {
        foreach (var (key, state) in engine._keys)
            engine.Advance(key, state, engine._options.TimeProvider.GetTimestamp(), isExpired: false, decisions, all: true);
        engine.RunPending(decisions);
    }, 0);

    public bool TryTakeDrift(out DriftAlarm alarm)
    {
        lock (_gate)
            return _drift.TryDequeue(out alarm!);
    }

    public InferenceMetrics Metrics
    {
        get
        {
            lock (_gate)
            {
                var heldBack = 0L;
                foreach (var key in _keys.Values)
                    heldBack += key.Window.HeldBack;
                return new()
                {
                    Readings = _counts.Readings,
                    Late = _counts.Late,
                    Duplicates = _counts.Duplicates,
                    OverKeyLimit = _counts.OverKeyLimit,
                    OverWindowLimit = _counts.OverWindowLimit,
                    HeldBack = heldBack,
                    WindowNotFull = _counts.WindowNotFull,
                    Inferences = _counts.Inferences,
                    Decisions = _counts.Decisions,
                    Undecided = _counts.Undecided,
                    NotFinite = _counts.NotFinite,
                    Failed = _counts.Failed,
                    Dropped = _counts.Dropped,
                    Expired = _counts.Expired,
                    Skipped = _counts.Skipped,
                    Overruns = _counts.Overruns,
                    DriftAlarms = _counts.DriftAlarms,
                    Swaps = _counts.Swaps,
                    Fallbacks = _counts.Fallbacks,
                    Unloads = _counts.Unloads,
                    Reloads = _counts.Reloads,
                    LatencyP50 = Duration(_latency.QuantileNanoseconds(0.50)),
                    LatencyP99 = Duration(_latency.QuantileNanoseconds(0.99)),
                    LatencyMax = Duration(_latency.MaxNanoseconds),
                };
            }
        }
    }

    public void Stop()
    {
        lock (_gate)
            _isStopped = true;
    }

    private bool TryAccept(T reading, long arrivedAt, bool isExpired, bool mayWait, Queue<Decided<TDecision>> decisions, EdgeModelException? unloadable)
    {
        lock (_gate)
        {
            ThrowIfStopped();
            if (_binding is null && unloadable is null)
                return false;
            _lastUsed = arrivedAt;
            _counts.Readings++;
            if (isExpired)
                _counts.Expired++;
            var key = _plan.Key(reading);
            if (StateOf(key) is not { } state)
            {
                _counts.OverKeyLimit++;
                return true;
            }
            switch (state.Window.Accept(_plan.At(reading).UtcTicks, reading))
            {
                case Arrival.Late:
                    _counts.Late++;
                    break;
                case Arrival.Duplicate:
                    _counts.Duplicates++;
                    break;
                default:
                    Advance(key, state, arrivedAt, isExpired, decisions, unloadable: unloadable);
                    if (!mayWait)
                        RunPending(decisions);
                    break;
            }
            return true;
        }
    }

    private void Advance(TKey key, KeyState<T> state, long arrivedAt, bool isExpired, Queue<Decided<TDecision>> decisions, bool all = false, EdgeModelException? unloadable = null)
    {
        while (true)
            switch (state.Window.TryAdvance(out var window, all))
            {
                case Windows.Advance.None:
                    return;
                case Windows.Advance.Entered:
                    _counts.WindowNotFull++;
                    break;
                case Windows.Advance.LeftOut:
                    _counts.OverWindowLimit++;
                    break;
                default:
                    if (isExpired)
                        _counts.Skipped++;
                    else
                        Infer(key, state, window, arrivedAt, decisions, unloadable);
                    break;
            }
    }

    /// <summary>Makes features of a window, and judges them once there are enough for a batch.</summary>
    private void Infer(TKey key, KeyState<T> state, ReadOnlySpan<T> window, long arrivedAt, Queue<Decided<TDecision>> decisions, EdgeModelException? unloadable)
    {
        _counts.Inferences++;
        if (unloadable is not null)
        {
            _counts.Failed++;
            throw unloadable;
        }
        var features = FeaturesOf(_pending);
        features.Clear();
        try
        {
            _plan.Extract!(window, features);
        }
        catch (Exception e) when (e is not EdgeModelException)
        {
            _counts.Failed++;
            throw _binding!.Invalid($"Making features for the model '{_slot.Name}' failed: {e.Message}", e);
        }
        if (_rows.Length == 1)
        {
            RunOne(_binding!, key, state, window, arrivedAt, decisions);
            return;
        }
        _rows[_pending++].Set(key, state, window, arrivedAt);
        if (_pending == _rows.Length)
            RunPending(decisions);
    }

    private KeyState<T>? StateOf(TKey key)
    {
        if (_keys.TryGetValue(key, out var state))
            return state;
        if (_keys.Count >= _options.KeysMax)
            return null;
        state = new(new(_plan.Windows.Create(_options.WindowReadingsMax), _plan.Windows.AllowedLateness.Ticks, _options.HeldBackMax));
        _keys.Add(key, state);
        return state;
    }

    private void WithModel<TState>(Queue<Decided<TDecision>> decisions, Action<InferenceEngine<T, TKey, TDecision>, Queue<Decided<TDecision>>, TState> action, TState state)
    {
        try
        {
            while (true)
            {
                lock (_gate)
                {
                    ThrowIfStopped();
                    if (_binding is not null)
                    {
                        action(this, decisions, state);
                        return;
                    }
                }
                _slot.EnsureLoaded();
            }
        }
        finally
        {
            FallBackIfBroken();
        }
    }

    private Span<float> FeaturesOf(int row) => _features.AsSpan(row * _plan.FeatureCount, _plan.FeatureCount);

    private void ThrowIfStopped()
    {
        ObjectDisposedException.ThrowIf(_isStopped, typeof(InferencePipeline<T, TDecision>));
        if (_isInferring)
            throw new InvalidOperationException("A callback of the pipeline called the pipeline. Let it decide, and act on the decision outside.");
    }

    private static TimeSpan Duration(long nanoseconds) => TimeSpan.FromTicks(nanoseconds / TimeSpan.NanosecondsPerTick);
}
