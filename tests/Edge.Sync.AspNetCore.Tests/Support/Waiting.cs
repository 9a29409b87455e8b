namespace Edge.Sync.AspNetCore.Tests.Support;

/// <summary>Waits for what a database comes to. In place of sleeping and polling.</summary>
internal static class Waiting
{
    /// <summary>Only reached where a test is about to fail.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    public static async Task<SyncStatus> UntilStatusAsync(this EdgeDatabase database, Func<SyncStatus, bool> condition)
    {
        var found = new TaskCompletionSource<SyncStatus>(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var live = database.ToLiveStatus();
        live.PropertyChanged += (_, _) => Look();
        Look();
        try { return await found.Task.WaitAsync(Patience, TestContext.Current.CancellationToken); }
        catch (TimeoutException) { throw new TimeoutException($"Waited in vain: {string.Join("; ", database.GetStatus().Links)}"); }

        void Look()
        {
            var status = live.Value;
            if (condition(status)) found.TrySetResult(status);
        }
    }

    /// <summary>Waits until a link is in a state; gives what it says.</summary>
    public static async Task<LinkStatus> UntilLinkAsync(this EdgeDatabase database, LinkState state, string reason = "")
    {
        var status = await database.UntilStatusAsync(status => Find(status) is not null);
        return Find(status)!;

        LinkStatus? Find(SyncStatus status) => status.Links.FirstOrDefault(link => link.State == state && (link.Reason ?? "").Contains(reason, StringComparison.Ordinal));
    }

    /// <summary>Waits until a question about the database is answered with yes; it is asked again whenever something was committed or acknowledged.</summary>
    public static async Task UntilAsync(this EdgeDatabase database, Func<Task<bool>> condition)
    {
        using var news = new SemaphoreSlim(1);
        await using var live = database.ToLiveStatus();
        live.PropertyChanged += (_, _) => news.Release();
        do
        {
            if (!await news.WaitAsync(Patience, TestContext.Current.CancellationToken)) throw new TimeoutException($"Waited in vain: {string.Join("; ", database.GetStatus().Links)}");
        }
        while (!await condition());
    }

    /// <summary>Waits until the jobs meet a condition.</summary>
    public static async Task<IReadOnlyList<Job>> UntilJobsAsync(this EdgeDatabase database, Func<IReadOnlyList<Job>, bool> condition)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(Patience);
        IReadOnlyList<Job> last = [];
        try
        {
            await foreach (var jobs in database.Documents<Job>().OrderBy(static job => job.Title).WatchAsync(patience.Token))
                if (condition(last = jobs)) return jobs;
        }
        catch (OperationCanceledException) when (!TestContext.Current.CancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException($"Waited in vain: {string.Join("; ", last.Select(static job => $"{job.Title} {job.Done} {job.Minutes}"))}; {string.Join("; ", database.GetStatus().Links)}");
        }
        throw new InvalidOperationException("The database was closed.");
    }
}
