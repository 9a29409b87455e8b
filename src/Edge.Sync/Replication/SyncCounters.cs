namespace Edge.Sync.Replication;

/// <summary>Counts what all sessions of a controller move. Safe for use by several threads at once.</summary>
internal sealed class SyncCounters
{
    private long _bytesSent, _bytesReceived, _changesSent, _changesReceived;

    public long BytesSent => Interlocked.Read(ref _bytesSent);

    public long BytesReceived => Interlocked.Read(ref _bytesReceived);

    public long ChangesSent => Interlocked.Read(ref _changesSent);

    public long ChangesReceived => Interlocked.Read(ref _changesReceived);

    public void AddSent(long bytes) => Interlocked.Add(ref _bytesSent, bytes);

    public void AddReceived(long bytes) => Interlocked.Add(ref _bytesReceived, bytes);

    public void AddChangesSent(long count) => Interlocked.Add(ref _changesSent, count);

    public void AddChangesReceived(long count) => Interlocked.Add(ref _changesReceived, count);
}
