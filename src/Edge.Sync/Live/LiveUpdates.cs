using Edge.Sync.Scheduling;

namespace Edge.Sync.Live;

/// <summary>Brings results of a feed to where a live object may change: the newest one only, one at a time, none after disposal.</summary>
/// <param name="context">Where that is; null for anywhere, one after the other.</param>
/// <param name="scheduler">What posts where there is no context.</param>
/// <param name="apply">Takes a result.</param>
/// <param name="fail">Takes what went wrong.</param>
internal sealed class LiveUpdates<TResult>(SynchronizationContext? context, EdgeScheduler scheduler, Action<TResult> apply, Action<Exception> fail) : IFeedReader<TResult>
{
    private readonly Lock _lock = new();
    private readonly Queue<Action> _actions = [];
    private TResult? _result;
    private Exception? _error;
    private bool _hasResult, _isPosted;
    private volatile bool _isDisposed;
    private int _runningOn;
    private TaskCompletionSource? _drained;

    public bool IsDisposed => _isDisposed;

    public void OnResult(TResult result) => Post(() => (_result, _hasResult, _error) = (result, true, null));

    public void OnError(Exception exception) => Post(() => _error = exception);

    public void OnEnd() { }

    /// <summary>Runs <paramref name="action"/> there, before the next result.</summary>
    public void Run(Action action) => Post(() => _actions.Enqueue(action));

    /// <summary>Completes when nothing runs any more. Inside of what runs it completes at once.</summary>
    public Task StopAsync()
    {
        lock (_lock)
        {
            _isDisposed = true;
            if (_runningOn == 0 || _runningOn == Environment.CurrentManagedThreadId) return Task.CompletedTask;
            return JoinAsync((_drained ??= new()).Task, CancellationToken.None);
        }
    }

    /// <inheritdoc cref="EdgeScheduler.JoinAsync(Task, CancellationToken)"/>
    public Task JoinAsync(Task shared, CancellationToken cancellationToken) => scheduler.JoinAsync(shared, cancellationToken);

    private void Post(Action note)
    {
        lock (_lock)
        {
            if (_isDisposed) return;
            note();
            if (_isPosted) return;
            _isPosted = true;
        }
        PostRun();
    }

    private void PostRun()
    {
        if (context is null)
        {
            scheduler.Post(Run);
            return;
        }
        try { context.Post(static updates => ((LiveUpdates<TResult>)updates!).Run(), this); }
        // Its window is closed, for instance: nobody looks any more.
        catch (Exception e) when (e is InvalidOperationException or ObjectDisposedException or System.ComponentModel.InvalidAsynchronousStateException) { _isDisposed = true; }
    }

    private void Run()
    {
        TResult? result;
        Exception? error;
        bool hasResult;
        Action[] actions;
        lock (_lock)
        {
            if (_isDisposed) return;
            (result, hasResult, error, actions) = (_result, _hasResult, _error, [.. _actions]);
            (_result, _hasResult, _error) = (default, false, null);
            _actions.Clear();
            _runningOn = Environment.CurrentManagedThreadId;
        }
        try
        {
            foreach (var action in actions)
                if (!_isDisposed) action();
            if (error is not null && !_isDisposed) fail(error);
            else if (hasResult && !_isDisposed) apply(result!);
        }
        finally
        {
            bool again;
            lock (_lock)
            {
                _runningOn = 0;
                _drained?.TrySetResult();
                again = _isPosted = !_isDisposed && (_hasResult || _error is not null || _actions.Count > 0);
            }
            if (again) PostRun();
        }
    }
}
