using System.Security.Cryptography;
using Edge.Sync.Log;
using Edge.Sync.Trust;

namespace Edge.Sync.Tests;

/// <summary>A device key for tests of the log, and what a database does with its own: seal, then sync.</summary>
internal static class TestKeys
{
    /// <summary>One key for all simulated devices: making one takes longer than most tests.</summary>
    public static SoftwareKey Key { get; } = SoftwareKey.Create();

    public static PublicKey Public { get; } = PublicKey.OfP256(Key.PublicKey.Span);

    /// <summary>Seals and syncs all that is committed.</summary>
    public static LogVersion Sync(this Replica replica)
    {
        var (version, due, _) = replica.PlanSync();
        return replica.Sync(version, [.. due.Select(end => SealOf(replica.Log.Database, end.Last, end.Id))]);
    }

    public static Seal SealOf(DatabaseId database, Dot last, ChangeId id, SoftwareKey? key = null) =>
        new(last, P256.ToLowS((key ?? Key).Sign(Seal.Digest(database, last, id))));
}
