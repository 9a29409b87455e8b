namespace Edge.Sync.Replication;

/// <summary>What a replica says of what it holds, as it says hello.</summary>
internal enum KeeperState : byte
{
    /// <summary>It may evict: what it acknowledges may be gone later.</summary>
    MayEvict = 0,

    /// <summary>It keeps everything, and lacks sections of some documents so far: it says of which in <c>have</c>.</summary>
    Incomplete = 1,

    /// <summary>It keeps everything, and lacks nothing of what it holds.</summary>
    Whole = 2,
}
