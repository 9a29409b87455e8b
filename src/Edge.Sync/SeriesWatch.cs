using Edge.Sync.Scheduling;

namespace Edge.Sync;

/// <summary>What a database does to its series when it is disposed.</summary>
internal interface ISeriesWatched
{
    /// <summary>Ends all watches.</summary>
    void End();
}

/// <summary>Points that wait for one who watches a series. Safe for use by several threads at once.</summary>
internal sealed class SeriesWatch<T>(EdgeScheduler scheduler, int pendingMax, string series)
{
    private readonly WatchSignal _signal = new(scheduler);
    private readonly Queue<T> _pending = [];
    private bool _overrun, _ended;

    public void Add(T[] points)
    {
        lock (_pending)
        {
            // What comes after a gap is not added: a gap is told where it is.
            if (_overrun |= _pending.Count + points.Length > pendingMax) { }
            else
                foreach (var point in points) _pending.Enqueue(point);
        }
        _signal.Set();
    }

    public void End()
    {
        lock (_pending) _ended = true;
        _signal.Complete();
    }

    /// <summary>Waits for points; false at the end.</summary>
    /// <exception cref="EdgeStorageException">Points were left out.</exception>
    public async Task<bool> WaitAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            lock (_pending)
            {
                if (_pending.Count > 0) return true;
                if (_overrun)
                    throw new EdgeStorageException(EdgeErrorCode.TooManyPending, series, $"More than {pendingMax} points of series '{series}' waited for one who watches it. Read faster, shed points in between (a pipeline does so with Within), or raise pendingMax. Nothing was lost from the series.");
                if (_ended) return false;
            }
            await _signal.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    public bool TryTake([System.Diagnostics.CodeAnalysis.MaybeNullWhen(false)] out T point)
    {
        lock (_pending) return _pending.TryDequeue(out point);
    }
}
