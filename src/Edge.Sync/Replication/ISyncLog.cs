using Edge.Sync.Log;

namespace Edge.Sync.Replication;

/// <summary>What a session's driver needs of the log. Safe for use by several threads at once.</summary>
internal interface ISyncLog
{
    /// <summary>The id that this replica writes under now.</summary>
    ReplicaId Replica { get; }

    /// <summary>This opening of the file: a number drawn at random, which no copy of the file has.</summary>
    ulong Instance { get; }

    DatabaseId Database { get; }

    /// <summary>Seals what this replica wrote, makes all that is committed survive a power cut, and says what that is.</summary>
    Task<LogVersion> SyncAsync(CancellationToken cancellationToken);

    /// <summary>Reads changes that a peer lacks, never beyond the last <see cref="SyncAsync"/>.</summary>
    Task<(List<StoredChange> Changes, long Cursor)> ReadAsync(ReadRequest request, CancellationToken cancellationToken);

    /// <summary>Appends and folds what is new and sealed among <paramref name="changes"/> and those in <paramref name="room"/>, in one transaction.</summary>
    Task<ApplyOutcome> ApplyAsync(WaitingRoom room, ReceivedChange[] changes, CancellationToken cancellationToken);

    /// <summary>What of the log a peer holds that claims these feed ends: see <see cref="ChangeLog.Resolve"/>.</summary>
    Task<Dot[]> ResolveAsync(FeedEnd[] claims, CancellationToken cancellationToken);
}
