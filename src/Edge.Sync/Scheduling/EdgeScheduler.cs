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
