using System.Diagnostics.CodeAnalysis;
using Edge.Sync.Inference.Decisions;
using Edge.Sync.Inference.Pipeline;

namespace Edge.Sync.Inference;

/// <summary>A running pipeline: its windows, its loaded model, its counts. Safe for several threads; inferences run one at a time.</summary>
public sealed class InferencePipeline<T, TDecision> : IAsyncDisposable
    where TDecision : class
{
    private readonly EdgeInference _owner;
    private readonly IInferenceEngine<T, TDecision> _engine;
    private readonly IAsyncEnumerable<T> _source;
    private readonly IDecisionSink<TDecision>? _sink;

    // By hand and by RunAsync: two callers, and neither may take the other's decisions.
    private readonly Queue<TDecision> _byHand = [];
    private readonly Queue<TDecision> _unsaved = [];

    private readonly Lock _gate = new();
    private readonly CancellationTokenSource _disposing = new();
    private TaskCompletionSource? _running;

    internal InferencePipeline(EdgeInference owner, IInferenceEngine<T, TDecision> engine, IAsyncEnumerable<T> source, IDecisionSink<TDecision>? sink) =>
        (_owner, _engine, _source, _sink) = (owner, engine, source, sink);

    /// <summary>What was done so far. Usable after disposal.</summary>
    public InferenceMetrics Metrics => _engine.Metrics;

    /// <summary>Infers at once, on this thread, without allocating. The decision is the caller's: nothing is saved.</summary>
    /// <remarks>
    /// With an allowed lateness a reading is held back at first, and one call may let several go: the decision is then the oldest that is due,
    /// and the others are taken by <see cref="TryTake"/>. Why there was none is counted in <see cref="Metrics"/>.
    /// </remarks>
    /// <returns>True exactly when there is a decision.</returns>
    /// <exception cref="EdgeModelException">The model failed. The reading stays in its window.</exception>
    public bool TryInfer(T reading, [NotNullWhen(true)] out TDecision? decision)
    {
        lock (_byHand)
        {
            _engine.Accept(reading, _byHand);
            return _byHand.TryDequeue(out decision);
        }
    }

    /// <summary>Takes the next decision that earlier calls left over.</summary>
    public bool TryTake([NotNullWhen(true)] out TDecision? decision)
    {
        lock (_byHand)
            return _byHand.TryDequeue(out decision);
    }

    /// <summary>Lets go the readings that wait for late ones, because none will come; take the decisions by <see cref="TryTake"/>.</summary>
    public void Flush()
    {
        lock (_byHand)
            _engine.Flush(_byHand);
    }

    /// <summary>Takes every reading of the source, and saves each decision before the next reading is taken. At the end of the source, nothing is held back any longer.</summary>
    /// <remarks>
    /// Ends when the source ends, or quietly when the pipeline is disposed. If a decision cannot be saved, the error passes as it is and the
    /// decision is kept: the next call saves it first.
    /// </remarks>
    /// <exception cref="InvalidOperationException">It runs already.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    public async Task RunAsync(CancellationToken cancellationToken = default)
    {
        var running = Start();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _disposing.Token);
        try
        {
            await SaveAsync(stop.Token).ConfigureAwait(false);
            await foreach (var reading in _source.WithCancellation(stop.Token).ConfigureAwait(false))
            {
                _engine.Accept(reading, _unsaved);
                await SaveAsync(stop.Token).ConfigureAwait(false);
            }
            _engine.Flush(_unsaved);
            await SaveAsync(stop.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (_disposing.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
        }
        finally
        {
            lock (_gate)
                _running = null;
            running.SetResult();
        }
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
        _engine.Dispose();
        _owner.Disown(this);
    }

    private TaskCompletionSource Start()
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_disposing.IsCancellationRequested, this);
            if (_running is not null)
                throw new InvalidOperationException("The pipeline runs already: await the first RunAsync before calling it again.");
            return _running = new(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }

    private async ValueTask SaveAsync(CancellationToken cancellationToken)
    {
        while (_unsaved.TryPeek(out var decision))
        {
            if (_sink is not null)
                await _sink.SaveAsync(decision, cancellationToken).ConfigureAwait(false);
            _unsaved.Dequeue();
        }
    }
}
