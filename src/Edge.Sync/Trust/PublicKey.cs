namespace Edge.Sync.Trust;

/// <summary>Who may seal a feed: a suite and its public key. Compared by value.</summary>
/// <remarks>The one suite so far, 1, is ECDSA over P-256 with SHA-256: the only curve that TPMs, secure enclaves and Android's key store all have.</remarks>
internal sealed class PublicKey : IEquatable<PublicKey>
{
    /// <summary>Suite, X, Y.</summary>
    public const int SizeBytes = 1 + DeviceKey.PublicKeySizeBytes;

    public const byte P256 = 1;

    private readonly byte[] _bytes;

    private PublicKey(byte[] bytes) => _bytes = bytes;

    /// <summary>Suite, X, Y: what is stored and hashed.</summary>
    public ReadOnlySpan<byte> Bytes => _bytes;

    /// <summary>X and Y, 32 bytes each, big-endian.</summary>
    public ReadOnlySpan<byte> Point => _bytes.AsSpan(1);

    public static PublicKey OfP256(ReadOnlySpan<byte> point)
    {
        var bytes = new byte[SizeBytes];
        bytes[0] = P256;
        point.CopyTo(bytes.AsSpan(1));
        return new(bytes);
    }

    /// <summary>False where the suite is not known or the bytes have another length; whether they are a point of the curve shows when a signature is checked.</summary>
    public static bool TryRead(ReadOnlySpan<byte> bytes, out PublicKey key)
    {
        key = null!;
        if (bytes.Length != SizeBytes || bytes[0] != P256) return false;
        key = new(bytes.ToArray());
        return true;
    }

    public bool Equals(PublicKey? other) => other is not null && _bytes.AsSpan().SequenceEqual(other._bytes);

    public override bool Equals(object? obj) => Equals(obj as PublicKey);

    public override int GetHashCode() => System.Buffers.Binary.BinaryPrimitives.ReadInt32LittleEndian(_bytes.AsSpan(1));

    public override string ToString() => Convert.ToHexStringLower(_bytes.AsSpan(1, 8));
}
