namespace Edge.Sync.Log;

/// <summary>A change of this device's own that is to be sealed.</summary>
/// <param name="Feed">The feed, by the name that stands in the change.</param>
/// <param name="End">The change, by its name in this file.</param>
internal readonly record struct DueSeal(ReplicaId Feed, FeedEnd End)
{
    public byte[] Digest(DatabaseId database) => Seal.Digest(database, End.Last with { Replica = Feed }, End.Id);
}
