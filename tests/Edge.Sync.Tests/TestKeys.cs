using System.Security.Cryptography;
using Edge.Sync.Log;
using Edge.Sync.Trust;

namespace Edge.Sync.Tests;

/// <summary>A device key for tests of the log, and what a database does with its own: seal, then sync.</summary>
internal static class TestKeys
{
    /// <summary>One key for all simulated devices, and the same in every run: the first change of a feed names it.</summary>
    public static SoftwareKey Key { get; } = SoftwareKey.Import(Convert.FromHexString(
        "308187020100301306072A8648CE3D020106082A8648CE3D030107046D306B0201010420C9214BE0EC34F24C1379FA6D10007BF23EC2B29354A1C062B2D01D2FBBC075CE" +
        "A14403420004CACEB939940D8DD14A1D9309E7F7DA84E39339A410CC9EA780396C117F5EA286178E8F93535F81AD56ACD3CF2756F39C7FD792B0909CF4B181FF3B106E87764A"));

    public static PublicKey Public { get; } = PublicKey.OfP256(Key.PublicKey.Span);

    /// <summary>Seals and syncs all that is committed.</summary>
    public static LogVersion Sync(this Replica replica)
    {
        var (version, due, _) = replica.PlanSync();
        return replica.Sync(version, [.. due.Select(one => new Seal(one.End.Last, P256.ToLowS(Key.Sign(one.Digest(replica.Log.Database)))))])!;
    }

    public static Seal SealOf(DatabaseId database, Dot last, ChangeId id, SoftwareKey? key = null) =>
        new(last, P256.ToLowS((key ?? Key).Sign(Seal.Digest(database, last, id))));
}
