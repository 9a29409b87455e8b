namespace Edge.Sync.Scheduling;

/// <summary>Wakes one waiter: any number of signals before it waits count as one. Safe for use by several threads at once.</summary>
internal sealed class WatchSignal(EdgeScheduler scheduler)
{
    private readonly Lock _lock = new();
    private TaskCompletionSource<bool>? _waiter;
    private bool _signaled;
    private bool _completed;

    /// <summary>Wakes the waiter, or the next one to come.</summary>
    public void Set() => Wake(completed: false);

    /// <summary>Lets every wait from now on end with false.</summary>
    public void Complete() => Wake(completed: true);

    /// <summary>Waits for the next signal; false once the signal is completed.</summary>
    public async Task<bool> WaitAsync(CancellationToken cancellationToken)
    {
        TaskCompletionSource<bool> waiter;
        lock (_lock)
        {
            if (_completed) return false;
            if (_signaled)
            {
                _signaled = false;
                return true;
            }
            waiter = _waiter = new();
        }
        using var registration = cancellationToken.Register(() => scheduler.Post(() => waiter.TrySetCanceled(cancellationToken)));
        return await waiter.Task.ConfigureAwait(false);
    }

    private void Wake(bool completed)
    {
        TaskCompletionSource<bool>? waiter;
        lock (_lock)
        {
            _completed |= completed;
            (waiter, _waiter) = (_waiter, null);
            // A waiter that has just been cancelled loses nothing: its enumeration ends.
            if (waiter is null) { _signaled = true; return; }
        }
        scheduler.Post(() => waiter.TrySetResult(!completed));
    }
}
