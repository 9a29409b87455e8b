namespace Edge.Sync;

/// <summary>
/// The key of a device: it signs the changes that leave it, so that nobody can change them on the way or write in its name. ECDSA over P-256.
/// </summary>
/// <remarks>
/// By default a key is made with the database's file and kept in it. Derive from this class where a TPM, a secure enclave or a platform's key
/// store holds the key; pass it as <see cref="EdgeDatabaseOptions.DeviceKey"/>. A file whose own feed began under one key goes on under that key only.
/// </remarks>
public abstract class DeviceKey
{
    /// <summary>The length of <see cref="PublicKey"/> in bytes.</summary>
    public const int PublicKeySizeBytes = 64;

    /// <summary>The length of a signature in bytes.</summary>
    public const int SignatureSizeBytes = 64;

    /// <summary>The point X, Y: 32 bytes each, big-endian.</summary>
    public abstract ReadOnlyMemory<byte> PublicKey { get; }

    /// <summary>Signs a SHA-256 digest. Called off the writer, by several threads at once; it may take its time.</summary>
    /// <param name="digest">32 bytes.</param>
    /// <param name="cancellationToken">Ends the wait; nothing leaves the device unsigned.</param>
    /// <returns>r, s: 32 bytes each, big-endian (IEEE P1363). Either of the two values of s will do.</returns>
    public abstract ValueTask<byte[]> SignAsync(ReadOnlyMemory<byte> digest, CancellationToken cancellationToken = default);
}
