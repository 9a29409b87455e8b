using System.Security.Cryptography;

namespace Edge.Sync.Trust;

/// <summary>A device key in memory, kept in the database's file. Whoever copies the file has the key: a key in hardware is what tells a copy from the original.</summary>
internal sealed class SoftwareKey : DeviceKey
{
    private readonly ECDsa _key;
    private readonly byte[] _point;

    private SoftwareKey(ECDsa key)
    {
        _key = key;
        var point = key.ExportParameters(includePrivateParameters: false).Q;
        _point = [.. point.X!, .. point.Y!];
    }

    public override ReadOnlyMemory<byte> PublicKey => _point;

    /// <summary>Makes a key from the system's randomness: a seed that a simulation knows is no secret.</summary>
    public static SoftwareKey Create() => new(ECDsa.Create(ECCurve.NamedCurves.nistP256));

    /// <exception cref="CryptographicException">The bytes are no key.</exception>
    public static SoftwareKey Import(ReadOnlySpan<byte> pkcs8)
    {
        var key = ECDsa.Create();
        try
        {
            key.ImportPkcs8PrivateKey(pkcs8, out _);
            if (key.KeySize != 256) throw new CryptographicException("The key is not one over P-256.");
            return new(key);
        }
        catch (PlatformNotSupportedException e)
        {
            // So OpenSSL tells of a point that is not on the curve.
            key.Dispose();
            throw new CryptographicException("The key's parameters are not of its curve.", e);
        }
        catch
        {
            key.Dispose();
            throw;
        }
    }

    /// <summary>The private key in PKCS#8.</summary>
    public byte[] Export() => _key.ExportPkcs8PrivateKey();

    public override ValueTask<byte[]> SignAsync(ReadOnlyMemory<byte> digest, CancellationToken cancellationToken = default) => new(Sign(digest.Span));

    /// <summary>As <see cref="SignAsync"/>: nothing here waits.</summary>
    public byte[] Sign(ReadOnlySpan<byte> digest)
    {
        // The handle below is not safe for use by several threads at once, and a signature takes some 40 µs.
        lock (_key) return _key.SignHash(digest, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
    }
}
