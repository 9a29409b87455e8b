using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Edge.Sync.Log;

/// <summary>Names a logical database. For an open one it is a hash of its name, so that files which were made apart merge when they meet.</summary>
internal readonly record struct DatabaseId(Hash256 Hash)
{
    /// <param name="name">Its name.</param>
    /// <param name="pairingKey">What only those know who may meet; empty where anybody may who knows the name.</param>
    public static DatabaseId OfOpen(string name, ReadOnlySpan<byte> pairingKey = default)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Span<byte> length = stackalloc byte[sizeof(int)];
        var bytes = Encoding.UTF8.GetBytes(name);
        // Without the length, a name that ends like a key would be another database's.
        BinaryPrimitives.WriteInt32BigEndian(length, bytes.Length);
        hash.AppendData("edge-sync/open-database/1\0"u8);
        hash.AppendData(length);
        hash.AppendData(bytes);
        hash.AppendData(pairingKey);
        return new(Hash256.FromBytes(hash.GetHashAndReset()));
    }

    public override string ToString() => Hash.ToString();
}
