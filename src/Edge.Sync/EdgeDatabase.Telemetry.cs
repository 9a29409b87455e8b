using Edge.Sync.Telemetry;

namespace Edge.Sync;

public sealed partial class EdgeDatabase
{
    private readonly DatabaseTelemetry _telemetry;
    private Opened? _told;
    private StorageReport? _storage;

    /// <summary>Why the store refused the last commit; null once one has succeeded again, and before the first.</summary>
    internal EdgeStorageException? LastFault => Volatile.Read(ref _told)?.Writer.LastFault;

    internal string FilePath => _options.Path;

    private DatabaseTelemetry NewTelemetry() => new(_options.Name, _options.TimeProvider, _options.LoggerFactory)
    {
        Status = GetStatus,
        Traffic = CountTraffic,
        Waiting = CountWaiting,
        Pending = () => Volatile.Read(ref _told)?.Writer.PendingCount ?? 0,
        Storage = SizeStorage,
    };

    private Opened OpenAndTell()
    {
        try
        {
            var opened = Open();
            _telemetry.Logger.Opened(_options.Name, opened.ReplicaId, _options.Path);
            if (opened.Replica.Store is Storage.SqliteStore { WasCopied: true }) _telemetry.Logger.FileWasCopied(_options.Name, opened.ReplicaId);
            Volatile.Write(ref _told, opened);
            DatabaseInstruments.Add(_telemetry);
            return opened;
        }
        catch (Exception e)
        {
            _telemetry.Logger.OpenFailed(e, _options.Name, _options.Path);
            throw;
        }
    }

    private void StopTelling()
    {
        if (Volatile.Read(ref _told) is null) return;
        DatabaseInstruments.Remove(_telemetry);
        _telemetry.Logger.Closed(_options.Name);
    }

    private (long Sent, long Received) CountTraffic()
    {
        // Under one lock: a sync that ends is counted once, as running or as ended.
        lock (_lock)
        {
            var traffic = _endedTraffic;
            foreach (var sync in _syncs)
            {
                var status = sync.GetStatus();
                traffic = (traffic.Sent + status.BytesSent, traffic.Received + status.BytesReceived);
            }
            return traffic;
        }
    }

    private long CountWaiting()
    {
        lock (_lock) return _syncs.Sum(static sync => sync.WaitingCount);
    }

    // The files as they are; what is in them as it was when somebody last asked, since that reads all tables.
    private IEnumerable<(string Class, long Bytes)> SizeStorage()
    {
        yield return ("file", SizeOf(_options.Path));
        yield return ("write-ahead", SizeOf(_options.Path + "-wal"));
        if (Volatile.Read(ref _storage) is not { } report) yield break;
        yield return ("log", report.LogBytes);
        yield return ("state", report.StateBytes);
        yield return ("history", report.HistoryBytes);
        yield return ("table", report.TableBytes);
        yield return ("free", report.FreeBytes);
        yield return ("overhead", report.OverheadBytes);
    }

    private static long SizeOf(string path) => new FileInfo(path) is { Exists: true } file ? file.Length : 0;
}
