namespace Edge.Sync.Scheduling;

/// <summary>Lets one at a time in, in order of asking. Whoever waits is woken through the scheduler: a semaphore would wake it on the thread pool, where no simulation could order it.</summary>
internal sealed class AsyncTurn(EdgeScheduler scheduler)
{
    private readonly Lock _lock = new();
    private readonly Queue<TaskCompletionSource> _waiting = [];
    private bool _isTaken;

    /// <summary>Waits for the turn, which lasts until <see cref="Leave"/>.</summary>
    /// <exception cref="OperationCanceledException">The token was cancelled before it came.</exception>
    public async ValueTask EnterAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        TaskCompletionSource waiter;
        lock (_lock)
        {
            if (!_isTaken)
            {
                _isTaken = true;
                return;
            }
            _waiting.Enqueue(waiter = new());
        }
        using var registration = cancellationToken.Register(() => scheduler.Post(() => waiter.TrySetCanceled(cancellationToken)));
        await waiter.Task.ConfigureAwait(false);
    }

    /// <summary>Hands the turn on.</summary>
    public void Leave()
    {
        TaskCompletionSource? next;
        lock (_lock)
        {
            if (!_waiting.TryDequeue(out next))
            {
                _isTaken = false;
                return;
            }
        }
        // Who gave up meanwhile does not keep the turn from the others.
        scheduler.Post(() => { if (!next.TrySetResult()) Leave(); });
    }
}
