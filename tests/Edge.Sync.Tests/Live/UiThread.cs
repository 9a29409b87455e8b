namespace Edge.Sync.Tests.Live;

/// <summary>Stands for the one thread of a UI: what is posted waits until the test lets it run, on whatever thread the test runs.</summary>
internal sealed class UiThread : SynchronizationContext
{
    private readonly Lock _lock = new();
    private readonly Queue<(SendOrPostCallback Callback, object? State)> _posted = [];
    private TaskCompletionSource _arrived = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public int Posts { get; private set; }

    /// <summary>Whether something of the UI runs now: nothing of a live object may change outside of it.</summary>
    public bool IsRunning { get; private set; }

    public override void Post(SendOrPostCallback d, object? state)
    {
        lock (_lock)
        {
            Posts++;
            _posted.Enqueue((d, state));
            _arrived.TrySetResult();
        }
    }

    /// <summary>Runs what is posted now.</summary>
    public int Run()
    {
        var count = 0;
        for (; ; count++)
        {
            (SendOrPostCallback Callback, object? State) next;
            lock (_lock)
            {
                if (!_posted.TryDequeue(out next)) break;
            }
            IsRunning = true;
            try { next.Callback(next.State); }
            finally { IsRunning = false; }
        }
        return count;
    }

    /// <summary>Waits for posts and runs them until <paramref name="condition"/> holds.</summary>
    public async Task RunUntilAsync(Func<bool> condition)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(TimeSpan.FromSeconds(60));
        while (true)
        {
            Task arrived;
            lock (_lock)
            {
                if (_posted.Count == 0) _arrived = new(TaskCreationOptions.RunContinuationsAsynchronously);
                arrived = _posted.Count == 0 ? _arrived.Task : Task.CompletedTask;
            }
            if (condition()) return;
            await arrived.WaitAsync(patience.Token).ConfigureAwait(false);
            Run();
        }
    }
}
