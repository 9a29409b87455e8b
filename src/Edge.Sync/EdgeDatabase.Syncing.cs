using Edge.Sync.Live;
using Edge.Sync.Replication;

namespace Edge.Sync;

public sealed partial class EdgeDatabase
{
    private readonly List<SyncController> _syncs = [];
    private readonly List<IFeedReader<SyncStatus>> _statusReaders = [];
    private (long Sent, long Received) _endedTraffic;

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
        controller.LinkChanged = _telemetry.OnLinkChanged;
        controller.StatusChanged = OnSyncStatusChanged;
        controller.SectionsAnswered = OnSectionsAnswered;
        controller.PeerAcknowledged = OnPeerAcknowledged;
        OnSyncStatusChanged();
        _scheduler.Post(controller.Start);
        return controller;
    }

    /// <summary>How all syncs together are doing, as a value that stays up to date, for binding to a UI. Dispose it.</summary>
    /// <param name="context">Where it changes; null for the context that is current where this is called.</param>
    public LiveValue<SyncStatus> ToLiveStatus(SynchronizationContext? context = null) => new(_scheduler, context ?? SynchronizationContext.Current, SyncStatus.Of([]), reader =>
    {
        lock (_lock) _statusReaders.Add(reader);
        reader.OnResult(GetStatus());
        return () => { lock (_lock) _statusReaders.Remove(reader); };
    });

    /// <summary>How all syncs together are doing now.</summary>
    public SyncStatus GetStatus()
    {
        SyncController[] syncs;
        lock (_lock) syncs = [.. _syncs];
        return SyncStatus.Of([.. syncs.Select(static sync => sync.GetStatus())]);
    }

    private void OnSyncStatusChanged()
    {
        IFeedReader<SyncStatus>[] readers;
        lock (_lock)
        {
            foreach (var fetch in _fetches) fetch.Signal.Set();
            if (_statusReaders.Count == 0) return;
            readers = [.. _statusReaders];
        }
        var status = GetStatus();
        foreach (var reader in readers) reader.OnResult(status);
    }

    private async Task<ISyncLog> OpenSyncLogAsync(CancellationToken cancellationToken) => new DatabaseSyncLog(await OpenedAsync(cancellationToken).ConfigureAwait(false), _telemetry);

    private void OnSyncStopped(SyncController controller)
    {
        var ended = controller.GetStatus();
        lock (_lock)
        {
            _syncs.Remove(controller);
            _endedTraffic = (_endedTraffic.Sent + ended.BytesSent, _endedTraffic.Received + ended.BytesReceived);
        }
        OnSyncStatusChanged();
    }

    private async Task StopSyncsAsync()
    {
        SyncController[] syncs;
        lock (_lock) syncs = [.. _syncs];
        foreach (var sync in syncs)
            await sync.DisposeAsync().ConfigureAwait(false);
    }

    private void WakeSyncs(Dot own)
    {
        SyncController[] syncs;
        lock (_lock) syncs = [.. _syncs];
        foreach (var sync in syncs)
            sync.Wake(own);
        // What was just written is unsent.
        OnSyncStatusChanged();
    }
}
