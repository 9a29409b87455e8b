using System.Security.Cryptography;
using System.Text;

namespace Edge.Sync.Trust.Content;

/// <summary>
/// The key that one replica encrypts its sections of one document with: AES-256-GCM. Whoever lacks it cannot read them; once it is destroyed everywhere, nobody can. Immutable, safe for use by several threads at once.
/// </summary>
/// <remarks>
/// <code>
/// key id = first 16 bytes of SHA-256("edge-sync/content-key/1" 00, document id, key, collection)
/// nonce  = first 12 bytes of the section's salt; salt = first 16 bytes of HMAC-SHA-256(key, "edge-sync/salt/1" 00, 16 random bytes, author, first counter, plaintext)
/// data   = "edge-sync/content/1" 00, salt, document id, key id, collection             (authenticated, not encrypted)
/// </code>
/// The id is a hash, so nobody can pass another key off under it, nor a key of one document off as one of another. The salt depends on what is encrypted: two devices
/// that were cloned together with the state of their random generators still use no nonce twice for different contents. A reader does not check how the salt was made.
/// </remarks>
internal sealed class ContentKey
{
    /// <summary>The length of a key.</summary>
    public const int SecretBytes = 32;

    /// <summary>How much longer the ciphertext is than the plaintext: the tag stands behind it.</summary>
    public const int TagBytes = 16;

    /// <summary>The length of a section's salt.</summary>
    public const int SaltBytes = 16;

    private const int NonceBytes = 12;

    private readonly byte[] _secret;

    private ContentKey(DocumentKey document, byte[] secret) => (Document, _secret, Id) = (document, secret, ComputeId(document, secret));

    public ContentKeyId Id { get; }

    /// <summary>The one document whose sections it reads.</summary>
    public DocumentKey Document { get; }

    /// <summary>The key itself: for storing it, and for those who are to read the document.</summary>
    public ReadOnlySpan<byte> Secret => _secret;

    /// <summary>A fresh key.</summary>
    public static ContentKey Create(DocumentKey document, EdgeRandom random)
    {
        var secret = new byte[SecretBytes];
        random.Fill(secret);
        return new(document, secret);
    }

    /// <summary>A key that was stored or sent.</summary>
    /// <exception cref="ArgumentException"><paramref name="secret"/> has another length than <see cref="SecretBytes"/>.</exception>
    public static ContentKey Import(DocumentKey document, ReadOnlySpan<byte> secret) =>
        secret.Length == SecretBytes ? new(document, secret.ToArray()) : throw new ArgumentException($"A key has {SecretBytes} bytes, not {secret.Length}.", nameof(secret));

    /// <summary>Encrypts a section's content.</summary>
    /// <param name="first">The first dot of the change that the section is in.</param>
    /// <param name="random">16 random bytes.</param>
    /// <param name="plaintext">What is to be read by those who have the key.</param>
    /// <param name="salt">Gets the section's salt, which the nonce is taken from.</param>
    /// <returns>The ciphertext with the tag behind it.</returns>
    public byte[] Encrypt(Dot first, ReadOnlySpan<byte> random, ReadOnlySpan<byte> plaintext, Span<byte> salt)
    {
        MakeSalt(first, random, plaintext, salt);
        var output = new byte[plaintext.Length + TagBytes];
        using var aes = new AesGcm(_secret, TagBytes);
        aes.Encrypt(salt[..NonceBytes], plaintext, output.AsSpan(0, plaintext.Length), output.AsSpan(plaintext.Length), AssociatedData(salt));
        return output;
    }

    /// <summary>Decrypts a section's content; null where a byte of it, of its salt or of its envelope is not what was encrypted.</summary>
    public byte[]? Decrypt(ReadOnlySpan<byte> salt, ReadOnlySpan<byte> ciphertext)
    {
        if (ciphertext.Length < TagBytes) return null;
        var plaintext = new byte[ciphertext.Length - TagBytes];
        using var aes = new AesGcm(_secret, TagBytes);
        try
        {
            aes.Decrypt(salt[..NonceBytes], ciphertext[..plaintext.Length], ciphertext[plaintext.Length..], plaintext, AssociatedData(salt));
            return plaintext;
        }
        catch (AuthenticationTagMismatchException) { return null; }
    }

    /// <summary>Overwrites the key in memory: from here on it reads nothing.</summary>
    public void Destroy() => CryptographicOperations.ZeroMemory(_secret);

    public override string ToString() => $"{Id} of {Document}";

    private static ContentKeyId ComputeId(DocumentKey document, ReadOnlySpan<byte> secret)
    {
        using var sha = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        sha.AppendData("edge-sync/content-key/1\0"u8);
        sha.AppendData(document.Id.ToByteArray());
        sha.AppendData(secret);
        sha.AppendData(Encoding.UTF8.GetBytes(document.Collection));
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        sha.GetHashAndReset(hash);
        return ContentKeyId.FromBytes(hash[..ContentKeyId.SizeBytes]);
    }

    private void MakeSalt(Dot first, ReadOnlySpan<byte> random, ReadOnlySpan<byte> plaintext, Span<byte> salt)
    {
        using var mac = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, _secret);
        Span<byte> dot = stackalloc byte[ReplicaId.SizeBytes + sizeof(ulong)];
        first.Replica.WriteTo(dot);
        System.Buffers.Binary.BinaryPrimitives.WriteUInt64BigEndian(dot[ReplicaId.SizeBytes..], first.Counter);
        mac.AppendData("edge-sync/salt/1\0"u8);
        mac.AppendData(random);
        mac.AppendData(dot);
        mac.AppendData(plaintext);
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        mac.GetHashAndReset(hash);
        hash[..SaltBytes].CopyTo(salt);
    }

    private byte[] AssociatedData(ReadOnlySpan<byte> salt)
    {
        var tag = "edge-sync/content/1\0"u8;
        var data = new byte[tag.Length + SaltBytes + DocumentId.SizeBytes + ContentKeyId.SizeBytes + Encoding.UTF8.GetByteCount(Document.Collection)];
        tag.CopyTo(data);
        salt.CopyTo(data.AsSpan(tag.Length));
        var rest = data.AsSpan(tag.Length + SaltBytes);
        Document.Id.WriteTo(rest);
        Id.WriteTo(rest[DocumentId.SizeBytes..]);
        Encoding.UTF8.GetBytes(Document.Collection, rest[(DocumentId.SizeBytes + ContentKeyId.SizeBytes)..]);
        return data;
    }
}
