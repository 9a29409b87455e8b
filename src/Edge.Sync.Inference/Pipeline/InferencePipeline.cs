using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using Edge.Sync.Inference.Decisions;
using Edge.Sync.Inference.Overload;
using Edge.Sync.Inference.Pipeline;
using Edge.Sync.Inference.Telemetry;

namespace Edge.Sync.Inference;

/// <summary>A running pipeline: its windows, its model, its counts. Safe for several threads; inferences run one at a time.</summary>
public sealed partial class InferencePipeline<T, TDecision> : IAsyncDisposable, IHealthSource
    where TDecision : class
{
    private readonly IPipelineHost _host;
    private readonly IInferenceEngine<T, TDecision> _engine;
    private readonly IAsyncEnumerable<T> _source;
    private readonly ImmutableArray<IDecisionSink<TDecision>> _sinks;
    private readonly OverloadPlan? _overload;
    private readonly DriftOptions? _drift;
    private readonly int _batchMax;
    private readonly bool _ownsSlot;

    // By hand and by RunAsync: two callers, and neither may take the other's decisions.
    private readonly Queue<Decided<TDecision>> _byHand = [];
    private readonly Queue<Decided<TDecision>> _unsaved = [];

    private readonly Lock _gate = new();
    private readonly CancellationTokenSource _disposing = new();
    private TaskCompletionSource? _running;
    private ReadingQueue<T>? _queue;
    private (long Offered, long Shed) _queuedBefore;

    internal InferencePipeline(
        IPipelineHost host, IInferenceEngine<T, TDecision> engine, IAsyncEnumerable<T> source, ImmutableArray<IDecisionSink<TDecision>> sinks,
        OverloadPlan? overload, DriftOptions? drift, int batchMax, ModelSlot slot, bool ownsSlot)
    {
        (_host, _engine, _source, _sinks, _overload, _drift, _batchMax) = (host, engine, source, sinks, overload, drift, batchMax);
        (Model, _ownsSlot) = (slot, ownsSlot);
    }

    /// <summary>Which version of the model serves. Another one is put in its place by <see cref="ModelSlot.Serve"/>, without losing a reading.</summary>
    public ModelSlot Model { get; }

    /// <summary>The last error of a run that went on after it; null where there was none.</summary>
    public EdgeModelException? LastFault { get; private set; }

    /// <summary>What was done so far. Usable after disposal.</summary>
    public InferenceMetrics Metrics
    {
        get
        {
            lock (_gate)
                return _engine.Metrics with
                {
                    Offered = _queuedBefore.Offered + (_queue?.Offered ?? 0),
                    Shed = _queuedBefore.Shed + (_queue?.Shed ?? 0),
                    Queued = _queue?.Count ?? 0,
                };
        }
    }

    /// <summary>Infers at once, on this thread, without allocating. The decision is the caller's: nothing is saved.</summary>
    /// <remarks>
    /// With an allowed lateness a reading is held back at first, and one call may let several go: the decision is then the oldest that is due,
    /// and the others are taken by <see cref="TryTake"/>. Why there was none is counted in <see cref="Metrics"/>. A model that was unloaded is loaded again first.
    /// </remarks>
    /// <returns>True exactly when there is a decision.</returns>
    /// <exception cref="EdgeModelException">The model, or a callback around it, failed. The reading stays in its window.</exception>
    public bool TryInfer(T reading, [NotNullWhen(true)] out TDecision? decision)
    {
        lock (_byHand)
        {
            _engine.Accept(reading, _host.Options.TimeProvider.GetTimestamp(), isExpired: false, mayWait: false, _byHand);
            var taken = _byHand.TryDequeue(out var decided);
            decision = taken ? decided.Decision : null;
            return taken;
        }
    }

    /// <summary>Takes the next decision that earlier calls left over.</summary>
    public bool TryTake([NotNullWhen(true)] out TDecision? decision)
    {
        lock (_byHand)
        {
            var taken = _byHand.TryDequeue(out var decided);
            decision = taken ? decided.Decision : null;
            return taken;
        }
    }

    /// <summary>Lets go the readings that wait for late ones and closes all windows of time, because nothing more will come; take the decisions by <see cref="TryTake"/>.</summary>
    public void Flush()
    {
        lock (_byHand)
            _engine.Flush(_byHand);
    }

    /// <summary>Says that no reading before <paramref name="instant"/> will come: windows of time that end by then close, also of keys that have fallen silent. Take the decisions by <see cref="TryTake"/>.</summary>
    public void MoveTo(DateTimeOffset instant)
    {
        lock (_byHand)
            _engine.MoveTo(instant, _byHand);
    }

    /// <summary>Takes the next alarm about drift; see <c>Drift</c>. At most 256 wait.</summary>
    public bool TryTakeDrift([NotNullWhen(true)] out DriftAlarm? alarm) => _engine.TryTakeDrift(out alarm!);

    /// <summary>Whether it does what it is there for, by what happened since it was built.</summary>
    public InferenceHealth GetHealth()
    {
        var metrics = Metrics;
        var reasons = new List<string>();
        var state = InferenceHealthState.Healthy;
        void Note(InferenceHealthState worse, string reason)
        {
            state = worse > state ? worse : state;
            reasons.Add($"{Model.Name}: {reason}");
        }
        if (LastFault is { } fault)
            Note(_faultsInARow > 0 ? InferenceHealthState.Unhealthy : InferenceHealthState.Degraded, fault.Message);
        if (metrics.NotFinite + metrics.Failed > 0 && metrics.Decisions + metrics.Undecided == 0)
            Note(InferenceHealthState.Unhealthy, "no inference has succeeded yet");
        if (metrics.Shed > 0)
            Note(InferenceHealthState.Degraded, $"{metrics.Shed} of {metrics.Offered} readings were shed");
        if (metrics.Expired > 0)
            Note(InferenceHealthState.Degraded, $"{metrics.Expired} readings expired");
        if (metrics.Fallbacks > 0)
            Note(InferenceHealthState.Degraded, "a version failed, and the last good one serves again");
        if (metrics.DriftAlarms > 0)
            Note(InferenceHealthState.Degraded, $"{metrics.DriftAlarms} alarms about drift");
        foreach (var fallback in Model.Current?.Fallbacks ?? [])
            Note(InferenceHealthState.Degraded, $"{fallback.Provider} is not used: {fallback.Reason}");
        return new(state, reasons);
    }

    /// <summary>Stops a run, waits until it has ended, and unloads the model.</summary>
    public async ValueTask DisposeAsync()
    {
        Task? running;
        lock (_gate)
        {
            running = _running?.Task;
            if (!_disposing.IsCancellationRequested)
                _disposing.Cancel();
        }
        if (running is not null)
            await running.ConfigureAwait(false);
        Release();
        _host.Disown(this);
    }

    /// <summary>Takes it off its model.</summary>
    internal void Release()
    {
        _engine.Stop();
        if (_engine is Serving.IModelUser user)
            Model.Detach(user);
        if (_ownsSlot)
            _host.Models.Remove(Model);
    }
}
