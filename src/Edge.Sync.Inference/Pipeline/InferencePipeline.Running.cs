using Edge.Sync.Inference.Drift;
using Edge.Sync.Inference.Overload;
using Edge.Sync.Inference.Telemetry;

namespace Edge.Sync.Inference;

// Readings from a source to the sinks.
public sealed partial class InferencePipeline<T, TDecision>
{
    private int _faultsInARow;

    /// <summary>Takes every reading of the source, and saves each decision before the next reading is taken. At the end of the source, nothing is held back any longer.</summary>
    /// <remarks>
    /// Ends when the source ends, or quietly when the pipeline is disposed. If a decision cannot be saved, the error passes as it is and the
    /// decision is kept: the next call saves it first. A reading that ends in an error of the model or of a callback is counted, its error is kept in <see cref="LastFault"/>, and the
    /// next one is taken; after <see cref="EdgeInferenceOptions.FaultsInARowMax"/> of them in a row the run ends with the last error. With a deadline (<c>Within</c>), the source is read
    /// and readings are judged at the same time, with a bounded queue between.
    /// </remarks>
    /// <exception cref="InvalidOperationException">It runs already.</exception>
    /// <exception cref="EdgeModelException">Too many readings in a row ended in an error.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    public async Task RunAsync(CancellationToken cancellationToken = default)
    {
        var running = Start();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _disposing.Token);
        try
        {
            // A source of what comes from now on begins here, and not after the first await.
            var readings = _source.GetAsyncEnumerator(stop.Token);
            await using var disposing = readings.ConfigureAwait(false);
            await SaveAsync(stop.Token).ConfigureAwait(false);
            if (_overload is null)
                await RunInLineAsync(readings, stop).ConfigureAwait(false);
            else
                await RunQueuedAsync(readings, _overload, stop).ConfigureAwait(false);
            Guarded(static (pipeline, _) => pipeline._engine.Flush(pipeline._unsaved), 0);
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

    // A batch is what the source has ready: as soon as it must be waited for, what is there is judged.
    private async Task RunInLineAsync(IAsyncEnumerator<T> readings, CancellationTokenSource stop)
    {
        var cancellationToken = stop.Token;
        while (true)
        {
            var next = readings.MoveNextAsync();
            try
            {
                if (!next.IsCompleted)
                    await CompleteAsync(cancellationToken).ConfigureAwait(false);
            }
            catch
            {
                // A source is not disposed while it looks for its next reading.
                await stop.CancelAsync().ConfigureAwait(false);
                try { await next.ConfigureAwait(false); }
                catch (Exception) { /* the first error is told */ }
                throw;
            }
            if (!await next.ConfigureAwait(false))
                break;
            Accept(readings.Current, _host.Options.TimeProvider.GetTimestamp(), isExpired: false);
            await SaveAsync(cancellationToken).ConfigureAwait(false);
        }
        await CompleteAsync(cancellationToken).ConfigureAwait(false);
    }

    private async Task RunQueuedAsync(IAsyncEnumerator<T> readings, OverloadPlan overload, CancellationTokenSource stop)
    {
        var queue = new ReadingQueue<T>(overload.Capacity, overload.Policy);
        lock (_gate)
            _queue = queue;
        var filling = FillAsync(readings, queue, stop.Token);
        try
        {
            await JudgeAsync(queue, overload, stop.Token).ConfigureAwait(false);
        }
        catch
        {
            await stop.CancelAsync().ConfigureAwait(false);
            throw;
        }
        finally
        {
            await filling.ConfigureAwait(false);
            lock (_gate)
            {
                // What nobody will judge any more gave way to the end of the run.
                _queuedBefore = (_queuedBefore.Offered + queue.Offered, _queuedBefore.Shed + queue.Shed + queue.Count);
                _queue = null;
            }
        }
    }

    // Never throws: an error of the source reaches the judging side behind what came before it.
    private async Task FillAsync(IAsyncEnumerator<T> readings, ReadingQueue<T> queue, CancellationToken cancellationToken)
    {
        // A source that always has the next reading ready must not keep the judging side from starting.
        await Task.Yield();
        try
        {
            while (await readings.MoveNextAsync().ConfigureAwait(false))
                await queue.OfferAsync(readings.Current, _host.Options.TimeProvider.GetTimestamp(), cancellationToken).ConfigureAwait(false);
            queue.Complete(null);
        }
        catch (Exception e)
        {
            queue.Complete(e);
        }
    }

    private async Task JudgeAsync(ReadingQueue<T> queue, OverloadPlan overload, CancellationToken cancellationToken)
    {
        var (clock, estimate, shed) = (_host.Options.TimeProvider, new ServiceEstimate(), 0L);
        while (await queue.Reader.WaitToReadAsync(cancellationToken).ConfigureAwait(false))
        {
            while (queue.Reader.TryRead(out var queued))
            {
                cancellationToken.ThrowIfCancellationRequested();
                var started = clock.GetTimestamp();
                var isExpired = !estimate.CanFinish(clock.GetElapsedTime(queued.OfferedAt, started), overload.Deadline);
                if (isExpired)
                    InferenceTelemetry.CountExpired(Model.Name);
                Accept(queued.Reading, queued.OfferedAt, isExpired);
                await SaveAsync(cancellationToken).ConfigureAwait(false);
                if (!isExpired)
                    estimate.Record(clock.GetElapsedTime(started));
            }
            await CompleteAsync(cancellationToken).ConfigureAwait(false);
            InferenceTelemetry.CountShed(Model.Name, queue.Shed - shed);
            shed = queue.Shed;
        }
    }

    private void Accept(T reading, long arrivedAt, bool isExpired) => Guarded(
        static (pipeline, state) => pipeline._engine.Accept(state.reading, state.arrivedAt, state.isExpired, mayWait: pipeline._batchMax > 1, pipeline._unsaved),
        (reading, arrivedAt, isExpired));

    private async ValueTask CompleteAsync(CancellationToken cancellationToken)
    {
        if (_batchMax == 1)
            return;
        Guarded(static (pipeline, _) => pipeline._engine.Complete(pipeline._unsaved), 0);
        await SaveAsync(cancellationToken).ConfigureAwait(false);
    }

    private void Guarded<TState>(Action<InferencePipeline<T, TDecision>, TState> action, TState state)
    {
        try
        {
            action(this, state);
            _faultsInARow = 0;
        }
        catch (EdgeModelException e)
        {
            LastFault = e;
            InferenceTelemetry.CountFault(Model.Name);
            if (++_faultsInARow >= _host.Options.FaultsInARowMax)
                throw;
        }
    }

    private async ValueTask SaveAsync(CancellationToken cancellationToken)
    {
        while (_unsaved.TryPeek(out var decided))
        {
            foreach (var sink in _sinks)
                await sink.SaveAsync(decided, cancellationToken).ConfigureAwait(false);
            _unsaved.Dequeue();
        }
        if (_drift is { } drift)
            await SaveDriftAsync(drift, cancellationToken).ConfigureAwait(false);
    }

    private async ValueTask SaveDriftAsync(DriftOptions drift, CancellationToken cancellationToken)
    {
        while ((drift.OnAlarm is not null || drift.Save) && _engine.TryTakeDrift(out var alarm))
        {
            if (drift.Save && _host.Database is { } database)
                await DriftLog.AddAsync(database, alarm, cancellationToken).ConfigureAwait(false);
            drift.OnAlarm?.Invoke(alarm);
        }
    }
}
