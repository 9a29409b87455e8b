using Edge.Sync.Log;
using Edge.Sync.Trust;

namespace Edge.Sync.Replication;

/// <summary>How a session begins. See docs/protocol.md.</summary>
/// <param name="Database">The database.</param>
/// <param name="Replica">Who speaks.</param>
/// <param name="Instance">This opening of its file.</param>
/// <param name="Fingerprint">What it holds.</param>
/// <param name="HasHeard">Whether it has heard the other side's hello.</param>
/// <param name="State">Whether it evicts, and whether it lacks anything.</param>
/// <param name="Key">Its device's key; null where it does not say.</param>
internal sealed record HelloMessage(DatabaseId Database, ReplicaId Replica, ulong Instance, Hash256 Fingerprint, bool HasHeard, KeeperState State, PublicKey? Key = null);
