using Edge.Sync.Log;

namespace Edge.Sync.Replication;

/// <summary>What a peer that never evicts has said of itself.</summary>
/// <param name="Keeper">The peer.</param>
/// <param name="Instance">The opening of its file: copies of one file speak under one id for a while, and must not be taken for one.</param>
/// <param name="IsFirst">Whether it is the first of a session: what the peer said in earlier ones counts no more, since its file may have been put back from a backup.</param>
/// <param name="Ends">Ends of feeds that are durable there.</param>
/// <param name="Absent">The documents of which sections are absent there; null where it does not say which.</param>
internal sealed record KeeperNote(ReplicaId Keeper, ulong Instance, bool IsFirst, FeedEnd[] Ends, IReadOnlyList<DocumentKey>? Absent);
