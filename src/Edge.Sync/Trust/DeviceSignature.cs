using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Edge.Sync.Trust;

namespace Edge.Sync;

/// <summary>A device's signature on a statement that lies in documents: who said it, and that nobody changed it since. ECDSA over P-256.</summary>
/// <remarks>
/// What is signed is SHA-256("edge-sync/statement/1" 00, length of the purpose in 2 bytes big-endian, purpose in UTF-8, statement). So it can never pass for
/// a seal on a feed, nor a statement made for one purpose for one of another. Make one with <see cref="EdgeDatabase.SignAsync"/>.
/// </remarks>
public sealed class DeviceSignature
{
    /// <summary>A signature that came from outside; whether it is one shows in <see cref="Covers"/>.</summary>
    /// <param name="publicKey">As <see cref="DeviceKey.PublicKey"/>.</param>
    /// <param name="bytes">r, s: 64 bytes, s the lesser of its two values.</param>
    public DeviceSignature(ReadOnlyMemory<byte> publicKey, ReadOnlyMemory<byte> bytes) => (PublicKey, Bytes) = (publicKey, bytes);

    /// <summary>Whose signature it claims to be: X, Y, 32 bytes each.</summary>
    public ReadOnlyMemory<byte> PublicKey { get; }

    /// <summary>r, s: 32 bytes each.</summary>
    public ReadOnlyMemory<byte> Bytes { get; }

    /// <summary>Whether it is the key's signature on the statement. Never throws for what comes from outside. About 0.1 ms.</summary>
    /// <param name="purpose">What kind of statement it is; as it was when signed.</param>
    /// <param name="statement">The bytes as they were signed.</param>
    public bool Covers(string purpose, ReadOnlySpan<byte> statement) =>
        PublicKey.Length == DeviceKey.PublicKeySizeBytes && P256.Verify(Trust.PublicKey.OfP256(PublicKey.Span), Digest(purpose, statement), Bytes.Span);

    internal static async ValueTask<DeviceSignature> SignAsync(DeviceKey key, string purpose, ReadOnlyMemory<byte> statement, CancellationToken cancellationToken) =>
        new(key.PublicKey, P256.ToLowS(await key.SignAsync(Digest(purpose, statement.Span), cancellationToken).ConfigureAwait(false)));

    private static byte[] Digest(string purpose, ReadOnlySpan<byte> statement)
    {
        ArgumentException.ThrowIfNullOrEmpty(purpose);
        var name = Encoding.UTF8.GetBytes(purpose);
        Span<byte> length = stackalloc byte[sizeof(ushort)];
        BinaryPrimitives.WriteUInt16BigEndian(length, checked((ushort)name.Length));
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData("edge-sync/statement/1\0"u8);
        hash.AppendData(length);
        hash.AppendData(name);
        hash.AppendData(statement);
        return hash.GetHashAndReset();
    }
}
