using Edge.Sync.Scheduling;

namespace Edge.Sync.Series;

/// <summary>Points that wait for the writer: all that come while it is busy share its next commit. Safe for use by several threads at once.</summary>
internal sealed class SeriesAppender(EdgeScheduler scheduler, string path)
{
    /// <summary>In one batch, and about as many in one commit, so that edits never wait long.</summary>
    public const int BatchPointsMax = SeriesStore.JournalPointsMax;

    /// <summary>That may wait.</summary>
    private const int PendingPointsMax = 1 << 20;

    private readonly Lock _lock = new();
    private readonly Queue<Pending> _pending = [];
    private int _points;

    /// <summary>Takes a batch.</summary>
    /// <param name="batch">The points.</param>
    /// <param name="committed">Called on the writer once they are committed, in the order of commits.</param>
    /// <param name="isFirst">Whether <see cref="Drain"/> is to be put on the writer: nothing was waiting.</param>
    /// <returns>Completes once they are committed, never inside of a turn of the writer.</returns>
    /// <exception cref="EdgeStorageException">Too many wait already.</exception>
    public Task Add(SeriesBatch batch, Action? committed, out bool isFirst)
    {
        lock (_lock)
        {
            if (_points + batch.Count > PendingPointsMax)
                throw new EdgeStorageException(EdgeErrorCode.TooManyPending, path, $"{_points} points wait for '{path}' already. Await AppendAsync before you append more. These points were not appended.");
            isFirst = _pending.Count == 0;
            _points += batch.Count;
            var pending = new Pending(batch, committed, new());
            _pending.Enqueue(pending);
            return pending.Completion.Task;
        }
    }

    /// <summary>Commits what waits, or as much of it as makes a commit. True where more waits: call it again.</summary>
    public bool Drain(SeriesStore store)
    {
        var group = new List<Pending>();
        lock (_lock)
            for (var points = 0; _pending.TryPeek(out var next) && (group.Count == 0 || points + next.Batch.Count <= BatchPointsMax); points += next.Batch.Count)
                group.Add(_pending.Dequeue());
        if (group.Count == 0) return false;
        try
        {
            if (!TryCommit(store, group, isLast: group.Count == 1))
                // One of them cannot be appended, such as one with a key too many. The others can.
                foreach (var pending in group)
                    TryCommit(store, [pending], isLast: true);
        }
        finally
        {
            lock (_lock) _points -= group.Sum(static pending => pending.Batch.Count);
        }
        lock (_lock) return _pending.Count > 0;
    }

    /// <summary>Fails what waits: the database is disposed.</summary>
    public void Fail(Exception exception)
    {
        lock (_lock)
        {
            while (_pending.TryDequeue(out var pending)) Complete(pending, exception);
            _points = 0;
        }
    }

    private bool TryCommit(SeriesStore store, List<Pending> group, bool isLast)
    {
        try { store.Commit(group.ConvertAll(static pending => pending.Batch)); }
        catch (Exception e)
        {
            if (!isLast) return false;
            foreach (var pending in group) Complete(pending, e);
            return true;
        }
        foreach (var pending in group)
        {
            pending.Committed?.Invoke();
            Complete(pending, null);
        }
        return true;
    }

    private void Complete(Pending pending, Exception? exception) => scheduler.Post(() =>
    {
        if (exception is null) pending.Completion.TrySetResult();
        else pending.Completion.TrySetException(exception);
    });

    private sealed record Pending(SeriesBatch Batch, Action? Committed, TaskCompletionSource Completion);
}
