using Edge.Sync.Log;
using Edge.Sync.Replication;
using Edge.Sync.Storage;

namespace Edge.Sync;

/// <summary>The log of an open database, as sync sessions see it: every call is a turn of the writer.</summary>
internal sealed class DatabaseSyncLog(EdgeDatabase.Opened opened) : ISyncLog
{
    public ReplicaId Replica => opened.ReplicaId;

    public DatabaseId Database => opened.DatabaseId;

    public Task<LogVersion> SyncAsync(CancellationToken cancellationToken) => opened.Writer.RunAloneAsync(static replica => replica.Sync(), cancellationToken);

    public Task<(List<StoredChange> Changes, long Cursor)> ReadAsync(ReadRequest request, CancellationToken cancellationToken) =>
        opened.Writer.RunAloneAsync(replica => replica.ReadChanges(request), cancellationToken);

    public Task<ApplyOutcome> ApplyAsync(ReadOnlyMemory<byte>[] changes, CancellationToken cancellationToken) =>
        opened.Writer.RunAsync(replica => replica.ApplyAll(changes), cancellationToken);

    public Task<FeedEnd?> FindForkAsync(FeedEnd[] claims, CancellationToken cancellationToken) =>
        opened.Writer.RunAloneAsync(replica => replica.Log.FindFork(claims), cancellationToken);
}
