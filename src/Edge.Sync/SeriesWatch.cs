using Edge.Sync.Scheduling;

namespace Edge.Sync;

/// <summary>What a database does to its series when it is disposed.</summary>
internal interface ISeriesWatched
{
    /// <summary>Ends all watches.</summary>
    void End();
}

/// <summary>Points that wait for one who watches a series, from the moment it is made. Enumerated once; adding is safe for use by several threads at once.</summary>
internal sealed class SeriesWatch<T>(EdgeScheduler scheduler, int pendingMax, string series, Action<SeriesWatch<T>> disposed, CancellationToken cancellationToken) : IAsyncEnumerable<T>, IAsyncEnumerator<T>
{
    private readonly WatchSignal _signal = new(scheduler);
    private readonly Queue<T> _pending = [];
    private CancellationTokenSource? _either;
    private bool _overrun, _ended;

    public T Current { get; private set; } = default!;

    public void Add(T[] points)
    {
        lock (_pending)
        {
            // Nothing is added behind a gap: it is told where it is.
            _overrun |= _pending.Count + points.Length > pendingMax;
            if (!_overrun)
                foreach (var point in points) _pending.Enqueue(point);
        }
        _signal.Set();
    }

    public void End()
    {
        lock (_pending) _ended = true;
        _signal.Complete();
    }

    public IAsyncEnumerator<T> GetAsyncEnumerator(CancellationToken ownToken = default)
    {
        if (_either is not null) throw new InvalidOperationException("A watch is enumerated once: call WatchAsync again.");
        _either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, ownToken);
        return this;
    }

    public async ValueTask<bool> MoveNextAsync()
    {
        while (true)
        {
            _either!.Token.ThrowIfCancellationRequested();
            lock (_pending)
            {
                if (_pending.TryDequeue(out var point))
                {
                    Current = point;
                    return true;
                }
                if (_overrun)
                    throw new EdgeStorageException(EdgeErrorCode.TooManyPending, series, $"More than {pendingMax} points of series '{series}' waited for one who watches it. Read faster, shed points in between (a pipeline does so with Within), or raise pendingMax. Nothing was lost from the series.");
                if (_ended) return false;
            }
            await _signal.WaitAsync(_either.Token).ConfigureAwait(false);
        }
    }

    public ValueTask DisposeAsync()
    {
        disposed(this);
        _either?.Dispose();
        return ValueTask.CompletedTask;
    }
}
