namespace Edge.Sync.Scheduling;

/// <summary>
/// The one place where work of the core is put on a thread: the writer's turns, reads, sync rounds and the completion of what callers await.
/// A simulation puts its own queue here, and then owns the order of all of it.
/// </summary>
internal abstract class EdgeScheduler
{
    /// <summary>The thread pool.</summary>
    public static EdgeScheduler Default { get; } = new ThreadPoolScheduler();

    /// <summary>Runs <paramref name="work"/> soon, never inside this call. It must not throw.</summary>
    public abstract void Post(Action work);

    /// <summary>The same for work that is an object of its own, so that nothing else is made for it.</summary>
    public virtual void Post(IThreadPoolWorkItem work) => Post(work.Execute);

    /// <summary>Runs <paramref name="work"/> soon and gives its result; the continuation runs where the work did.</summary>
    public Task<T> RunAsync<T>(Func<T> work, CancellationToken cancellationToken)
    {
        var completion = new TaskCompletionSource<T>();
        Post(() =>
        {
            if (cancellationToken.IsCancellationRequested) { completion.TrySetCanceled(cancellationToken); return; }
            try { completion.TrySetResult(work()); }
            catch (Exception e) { completion.TrySetException(e); }
        });
        return completion.Task;
    }

    /// <summary>Waits for what several may wait for. Of those who await one task the runtime wakes all but one on the thread pool; here each has a task of its own, completed where all work is.</summary>
    /// <remarks>Whoever completes <paramref name="shared"/> may hold locks: nothing of those who wait runs inside of that. It must not be a task that completes its continuations asynchronously.</remarks>
    public Task<T> JoinAsync<T>(Task<T> shared, CancellationToken cancellationToken) => shared.IsCompleted ? shared : JoinLaterAsync(shared, cancellationToken);

    /// <inheritdoc cref="JoinAsync{T}(Task{T}, CancellationToken)"/>
    public Task JoinAsync(Task shared, CancellationToken cancellationToken) => shared.IsCompleted ? shared : WaitAsync(shared, cancellationToken);

    private async Task<T> JoinLaterAsync<T>(Task<T> shared, CancellationToken cancellationToken)
    {
        await WaitAsync(shared, cancellationToken).ConfigureAwait(false);
        return await shared.ConfigureAwait(false);
    }

    private async Task WaitAsync(Task shared, CancellationToken cancellationToken)
    {
        var waiter = new TaskCompletionSource();
        _ = shared.ContinueWith(_ => Post(() => waiter.TrySetResult()), cancellationToken, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        using (cancellationToken.Register(() => Post(() => waiter.TrySetCanceled(cancellationToken))))
            await waiter.Task.ConfigureAwait(false);
        await shared.ConfigureAwait(false);
    }

    /// <summary>Cancels a token's source; what is registered runs where all work does.</summary>
    public Task CancelAsync(CancellationTokenSource source) => RunAsync(() =>
    {
        source.Cancel();
        return true;
    }, CancellationToken.None);

    private sealed class ThreadPoolScheduler : EdgeScheduler
    {
        public override void Post(Action work) => ThreadPool.UnsafeQueueUserWorkItem(static work => work(), work, preferLocal: false);

        public override void Post(IThreadPoolWorkItem work) => ThreadPool.UnsafeQueueUserWorkItem(work, preferLocal: false);
    }
}
