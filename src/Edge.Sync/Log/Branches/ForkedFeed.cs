namespace Edge.Sync;

/// <summary>A feed that goes on in several ways, because a database file was copied or rolled back and both files wrote. All of it is held and counts, once.</summary>
/// <param name="Replica">The replica id that both files wrote under.</param>
/// <param name="BranchCount">How many ends the feed has.</param>
/// <param name="IsOwn">Whether this file is one of them: it goes on under a fresh replica id.</param>
public sealed record ForkedFeed(ReplicaId Replica, int BranchCount, bool IsOwn)
{
    /// <summary>What has happened, and how to keep it from happening.</summary>
    public string Reason => IsOwn
        ? $"This database file and {BranchCount - 1} other(s) are copies of one file, or one of them was rolled back, and each went on writing as replica {Replica}. Nothing is lost, and nothing counts twice; this file goes on under a fresh replica id. Make copies with BackupAsync: those have an id of their own from the beginning."
        : $"{BranchCount} database files went on writing as replica {Replica}: one was copied or rolled back. Nothing is lost, and nothing counts twice. If nobody copied a file, somebody else has that device's key.";
}
