using Edge.Sync.Telemetry;
using Microsoft.Extensions.Hosting;

namespace Edge.Sync.Hosting;

/// <summary>Opens a database as a host starts, and syncs it until the host stops. The container disposes it.</summary>
internal sealed class EdgeDatabaseService(EdgeDatabase database, EdgeDatabaseStartup startup, TimeProvider timeProvider) : IHostedService, IDisposable
{
    /// <summary>How often the storage is read while somebody measures it: that reads all tables.</summary>
    internal static readonly TimeSpan StorageEvery = TimeSpan.FromMinutes(15);

    private readonly List<SyncController> _syncs = [];
    private readonly CancellationTokenSource _stop = new();
    private Task _measuring = Task.CompletedTask;

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await database.EnsureOpenAsync(cancellationToken).ConfigureAwait(false);
        foreach (var prepare in startup.Documents)
            await prepare(database, cancellationToken).ConfigureAwait(false);
        foreach (var configure in startup.Syncs)
            _syncs.Add(database.StartSync(configure));
        _measuring = MeasureAsync(_stop.Token);
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await _measuring.ConfigureAwait(false);
        foreach (var sync in _syncs)
            await sync.DisposeAsync().ConfigureAwait(false);
        _syncs.Clear();
    }

    /// <summary>A host that is disposed without being stopped: the database ends its syncs.</summary>
    public void Dispose()
    {
        _stop.Cancel();
        _stop.Dispose();
    }

    private async Task MeasureAsync(CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(StorageEvery, timeProvider);
        try
        {
            do
            {
                try
                {
                    if (DatabaseTelemetry.IsStorageObserved) await database.GetStorageAsync(cancellationToken).ConfigureAwait(false);
                }
                catch (EdgeStorageException) { /* the next reading may succeed; what fails for good is told by commits and by the health check */ }
            }
            while (await timer.WaitForNextTickAsync(cancellationToken).ConfigureAwait(false));
        }
        catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException) { /* the host stops, or the database was disposed before it */ }
    }
}
