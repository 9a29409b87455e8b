namespace Edge.Sync;

/// <summary>A replica that has not shown yet that it has seen some changes: they cannot be folded without it.</summary>
/// <param name="Replica">Its id. One whose feed has forked may be there twice.</param>
/// <param name="IsThisReplica">Whether it is the one that was asked.</param>
/// <param name="LastChangeAt">When it wrote its newest change, by its own clock.</param>
/// <param name="Bytes">What it has not seen, in bytes as they are sent.</param>
public sealed record FoldHolder(ReplicaId Replica, bool IsThisReplica, DateTimeOffset LastChangeAt, long Bytes);
