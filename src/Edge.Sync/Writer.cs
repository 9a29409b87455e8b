using Edge.Sync.Live;
using Edge.Sync.Scheduling;
using Edge.Sync.Telemetry;

namespace Edge.Sync;

/// <summary>
/// The one writer of a replica: takes work in order of arrival, commits it in groups, and completes each caller's task after the commit that holds its work.
/// </summary>
/// <remarks>
/// Invariants: at most one turn runs at a time; a task completes successfully only after its work is committed; work is taken exactly once.
/// Completions go through the scheduler, so a caller's continuation never runs inside a turn or a lock. The queue is bounded for those who may not wait for
/// what they ask for, the edits of apps; others ask again only after they were answered. Nobody ever blocks on it, so nobody can deadlock on it.
/// </remarks>
internal sealed class Writer(Replica replica, EdgeScheduler scheduler, Action<Replica, IReadOnlyList<CommittedDocument>> committed, int pendingEditsMax = int.MaxValue, DatabaseTelemetry? telemetry = null) : IThreadPoolWorkItem
{
    private const int GroupMax = 1024;

    private readonly Lock _lock = new();
    private readonly Queue<IWriterWork> _queue = [];
    private readonly List<IWriterWork> _group = [];
    private readonly TaskCompletionSource _drained = new();
    private bool _running;
    private bool _closed;
    private EdgeStorageException? _lastFault;

    /// <summary>Why the store refused the last commit; null once one has succeeded again.</summary>
    public EdgeStorageException? LastFault => Volatile.Read(ref _lastFault);

    /// <summary>How much waits.</summary>
    public int PendingCount { get { lock (_lock) return _queue.Count; } }

    /// <summary>Runs <paramref name="work"/> in a transaction, with other work of its kind. What it throws fails its own task only.</summary>
    /// <param name="work">Called once, on the writer.</param>
    /// <param name="cancellationToken">Takes the work back while the writer has not begun it; after that it stands.</param>
    /// <exception cref="ObjectDisposedException">The database is disposed.</exception>
    public Task<T> RunAsync<T>(Func<Replica, T> work, CancellationToken cancellationToken = default) => Enqueue(new Work<T>(work, inTransaction: true, cancellationToken));

    /// <summary>As <see cref="RunAsync"/>, for the edits of apps, whose number is bounded.</summary>
    /// <exception cref="EdgeStorageException">Too many wait already. <paramref name="work"/> is not run.</exception>
    public Task<T> RunEditAsync<T>(Func<Replica, T> work, CancellationToken cancellationToken = default) => Enqueue(new Work<T>(work, inTransaction: true, cancellationToken), pendingEditsMax);

    /// <summary>As <see cref="RunEditAsync{T}(Func{Replica, T}, CancellationToken)"/>, for work that is an object of its own, in a transaction.</summary>
    /// <exception cref="EdgeStorageException">Too many wait already. <paramref name="work"/> is not run.</exception>
    public Task<T> RunEditAsync<T>(WriterWork<T> work) => Enqueue(work, pendingEditsMax);

    /// <summary>Runs <paramref name="work"/> on the writer outside of any transaction.</summary>
    public Task<T> RunAloneAsync<T>(Func<Replica, T> work, CancellationToken cancellationToken = default) => Enqueue(new Work<T>(work, inTransaction: false, cancellationToken));

    /// <summary>Takes no more work, and completes when all that was taken is done.</summary>
    public Task CloseAsync()
    {
        lock (_lock)
        {
            _closed = true;
            if (!_running) scheduler.Post(() => _drained.TrySetResult());
        }
        return _drained.Task;
    }

    private Task<T> Enqueue<T>(WriterWork<T> work, int pendingMax = int.MaxValue)
    {
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_closed, typeof(EdgeDatabase));
            if (_queue.Count >= pendingMax)
            {
                throw new EdgeStorageException(EdgeErrorCode.TooManyPending, replica.Store.Path,
                    $"{_queue.Count} edits wait for '{replica.Store.Path}' already. Await edits before you start more, or raise EdgeDatabaseOptions.PendingEditsMax. This edit was not made.");
            }
            _queue.Enqueue(work);
            if (_running) return work.Task;
            _running = true;
        }
        scheduler.Post(this);
        return work.Task;
    }

    /// <summary>A turn of the writer.</summary>
    void IThreadPoolWorkItem.Execute()
    {
        var group = _group;
        while (TakeGroup(group))
        {
            if (group[0].InTransaction) RunGroup(group);
            else RunAlone(group[0]);
            foreach (var work in group)
                scheduler.Post(work);
            group.Clear();
        }
    }

    private bool TakeGroup(List<IWriterWork> group)
    {
        lock (_lock)
        {
            while (_queue.TryPeek(out var next) && group.Count < GroupMax)
            {
                if (group.Count > 0 && (!group[0].InTransaction || !next.InTransaction)) break;
                _queue.Dequeue();
                if (next.TryBegin()) group.Add(next);
                else scheduler.Post(next);
            }
            if (group.Count > 0) return true;
            _running = false;
            if (_closed) scheduler.Post(() => _drained.TrySetResult());
            return false;
        }
    }

    private void RunGroup(List<IWriterWork> group)
    {
        IReadOnlyList<CommittedDocument> changed;
        var started = telemetry?.StartCommit() ?? 0;
        try
        {
            replica.Begin();
            foreach (var work in group)
                work.Run(replica);
            changed = replica.Commit();
        }
        catch (Exception e)
        {
            // Nothing of the group is stored. Nobody is told that it is.
            foreach (var work in group)
                work.Fail(e);
            TryRollback(group);
            if (e is EdgeStorageException fault) Volatile.Write(ref _lastFault, fault);
            telemetry?.OnCommitFailed(e);
            return;
        }
        Volatile.Write(ref _lastFault, null);
        telemetry?.OnCommitted(started, replica.CommittedOwn, replica.CommittedForeign);
        committed(replica, changed);
    }

    private void RunAlone(IWriterWork work)
    {
        try { replica.Recover(); }
        catch (Exception e)
        {
            work.Fail(e);
            return;
        }
        work.Run(replica);
    }

    private void TryRollback(List<IWriterWork> group)
    {
        try { replica.Rollback(); }
        catch (Exception e)
        {
            foreach (var work in group)
                work.Fail(e);
        }
    }

    private sealed class Work<T>(Func<Replica, T> work, bool inTransaction, CancellationToken cancellationToken) : WriterWork<T>(inTransaction, cancellationToken)
    {
        protected override T Make(Replica replica) => work(replica);
    }
}
