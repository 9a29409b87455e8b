using Edge.Sync.Tests.Links;

namespace Edge.Sync.Tests.Purging;

/// <summary>What the tests of evicting and fetching share.</summary>
internal static class Evicting
{
    public static readonly DocumentId Pump = DocumentId.Named("pump-7");
    public static readonly DocumentId Valve = DocumentId.Named("valve-1");

    public static CancellationToken Token => TestContext.Current.CancellationToken;

    public static async Task FillAsync(DocumentSet<Job> jobs, DocumentId id, string word)
    {
        for (var i = 0; i < 20; i++)
            await jobs.EditAsync(id, job =>
            {
                job.Title = word + job.Minutes.Value;
                job.Minutes.Add(1);
                job.Notes.Append(word);
            }, Token);
    }

    public static Task<EdgeDatabase> OpenEvictingAsync(string path) => EdgeDatabase.OpenAsync(new EdgeDatabaseOptions { Path = path, MayEvict = true }, Token);

    public static async Task<EdgeErrorCode> CodeOf(Func<Task> act) => (await Assert.ThrowsAsync<EdgeDocumentException>(act)).Code;

    public static async Task WhenAsync(Func<Task<bool>> condition)
    {
        while (!await condition())
        {
            Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }

    /// <summary>Two databases that sync over loopback TCP.</summary>
    public sealed class Link(SyncController listening, SyncController dialing, EdgeDatabase evicting) : IAsyncDisposable
    {
        public SyncController Dialing => dialing;

        public static async Task<Link> OpenAsync(EdgeDatabase listener, EdgeDatabase dialer)
        {
            var port = Peers.FreePort();
            var listening = listener.StartSync(s => s.UseTcpListener(port));
            await listening.WhenReadyAsync(Token);
            var dialing = dialer.StartSync(s => s.UseTcp("127.0.0.1", port));
            await WhenAsync(() => Task.FromResult(dialing.Drivers.Any(static driver => driver.IsEstablished)));
            return new(listening, dialing, dialer);
        }

        /// <summary>Waits until the dialing side knows that the listening one keeps a document.</summary>
        public async Task WhenKeptAsync(DocumentId id)
        {
            var writer = (await evicting.OpenedAsync(Token)).Writer;
            await WhenAsync(() => writer.RunAloneAsync(replica => replica.IsKept(new("job", id)), Token));
        }

        public async ValueTask DisposeAsync()
        {
            await dialing.DisposeAsync();
            await listening.DisposeAsync();
        }
    }
}
