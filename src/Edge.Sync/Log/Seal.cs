using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Edge.Sync.Log;

/// <summary>The owner's signature on a feed up to a change. Since an id commits to all that came before it, so does the seal.</summary>
/// <remarks>
/// A seal stands behind the change it covers and is no part of an id: signatures can be made in more than one way. What is signed is
/// SHA-256("edge-sync/seal/1" 00, database id, 0 for the default scope, replica id, counter in 8 bytes big-endian, change id).
/// </remarks>
/// <param name="Last">The last dot of the change it covers, by its name in this file; what is signed has the name that its author wrote.</param>
/// <param name="Signature">r, s: 64 bytes, low-S.</param>
internal readonly record struct Seal(Dot Last, byte[] Signature)
{
    /// <summary>What is signed.</summary>
    public static byte[] Digest(DatabaseId database, Dot last, ChangeId id)
    {
        const int Numbers = 1 + ReplicaId.SizeBytes + sizeof(ulong);
        var tag = "edge-sync/seal/1\0"u8;
        Span<byte> message = stackalloc byte[17 + Hash256.SizeBytes + Numbers + Hash256.SizeBytes];
        tag.CopyTo(message);
        var rest = message[tag.Length..];
        database.Hash.WriteTo(rest);
        rest = rest[Hash256.SizeBytes..];
        rest[0] = 0;
        last.Replica.WriteTo(rest[1..]);
        BinaryPrimitives.WriteUInt64BigEndian(rest[(1 + ReplicaId.SizeBytes)..], last.Counter);
        id.Hash.WriteTo(rest[Numbers..]);
        return SHA256.HashData(message);
    }

    /// <summary>Signs the ends that <see cref="SealPlan"/> asks for.</summary>
    public static async Task<Seal[]> SignAsync(DeviceKey key, DatabaseId database, IReadOnlyList<DueSeal> due, CancellationToken cancellationToken)
    {
        var seals = new Seal[due.Count];
        for (var i = 0; i < seals.Length; i++)
            seals[i] = new(due[i].End.Last, P256.ToLowS(await key.SignAsync(due[i].Digest(database), cancellationToken).ConfigureAwait(false)));
        return seals;
    }
}
