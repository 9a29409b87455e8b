using Edge.Sync.Replication;

namespace Edge.Sync;

public sealed partial class EdgeDatabase
{
    private readonly List<SyncController> _syncs = [];

    /// <summary>Starts to sync with peers over the links that <paramref name="configure"/> names. No I/O happens inside this call, and the network never makes it throw.</summary>
    /// <param name="configure">Names the links: <c>s => s.UseLan("quick-start")</c>.</param>
    /// <returns>The running sync; disposing it ends its links, disposing the database ends it too.</returns>
    public SyncController StartSync(Action<SyncBuilder> configure)
    {
        ArgumentNullException.ThrowIfNull(configure);
        var builder = new SyncBuilder();
        configure(builder);
        var controller = new SyncController(OpenSyncLogAsync, [.. builder.Transports], TimeProvider, _scheduler, OnSyncStopped);
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_closed is not null, this);
            _syncs.Add(controller);
        }
        _scheduler.Post(controller.Start);
        return controller;
    }

    private async Task<ISyncLog> OpenSyncLogAsync(CancellationToken cancellationToken) => new DatabaseSyncLog(await OpenedAsync(cancellationToken).ConfigureAwait(false));

    private void OnSyncStopped(SyncController controller)
    {
        lock (_lock) _syncs.Remove(controller);
    }

    private async Task StopSyncsAsync()
    {
        SyncController[] syncs;
        lock (_lock) syncs = [.. _syncs];
        foreach (var sync in syncs)
            await sync.DisposeAsync().ConfigureAwait(false);
    }

    private void WakeSyncs(ulong held)
    {
        SyncController[] syncs;
        lock (_lock) syncs = [.. _syncs];
        foreach (var sync in syncs)
            sync.Wake(held);
    }
}
