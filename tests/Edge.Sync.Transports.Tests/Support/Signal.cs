namespace Edge.Sync.Transports.Tests.Support;

/// <summary>State behind a lock, with waiters that look again at each change. In place of sleeping and polling.</summary>
internal sealed class Signal
{
    /// <summary>Only reached where a test is about to fail.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly Lock _lock = new();
    private readonly List<(Func<bool> Condition, TaskCompletionSource Done)> _waiters = [];

    public void Change(Action change)
    {
        lock (_lock)
        {
            change();
            _waiters.RemoveAll(static waiter =>
            {
                if (!waiter.Condition()) return false;
                waiter.Done.SetResult();
                return true;
            });
        }
    }

    public async Task UntilAsync(Func<bool> condition, Func<string> describe)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_lock)
        {
            if (condition()) return;
            _waiters.Add((condition, done));
        }

        try
        {
            await done.Task.WaitAsync(Patience);
        }
        catch (TimeoutException)
        {
            lock (_lock)
                throw new TimeoutException($"Waited in vain. {describe()}");
        }
    }
}
