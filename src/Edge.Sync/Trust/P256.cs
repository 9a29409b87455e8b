using System.Numerics;
using System.Security.Cryptography;

namespace Edge.Sync.Trust;

/// <summary>Checks ECDSA signatures over P-256. A signature is r, s in 64 bytes, and s is the lesser of its two values (low-S).</summary>
/// <remarks>Without that rule anybody could make a second valid signature of the same thing, and a seal would have two byte strings.</remarks>
internal static class P256
{
    private static readonly BigInteger s_order = BigInteger.Parse("00FFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551", System.Globalization.NumberStyles.HexNumber, System.Globalization.CultureInfo.InvariantCulture);
    private static readonly BigInteger s_half = s_order >> 1;

    /// <summary>The same signature with the lesser s.</summary>
    /// <exception cref="ArgumentException">It is not 64 bytes long: the key does not keep to its contract.</exception>
    public static byte[] ToLowS(byte[] signature)
    {
        if (signature.Length != DeviceKey.SignatureSizeBytes) throw new ArgumentException($"A device key gave a signature of {signature.Length} bytes; r and s take {DeviceKey.SignatureSizeBytes}.", nameof(signature));
        if (IsLowS(signature)) return signature;
        var low = new byte[DeviceKey.SignatureSizeBytes];
        signature.AsSpan(0, 32).CopyTo(low);
        var s = s_order - S(signature);
        s.TryWriteBytes(low.AsSpan(64 - s.GetByteCount(isUnsigned: true)), out _, isUnsigned: true, isBigEndian: true);
        return low;
    }

    /// <summary>Whether <paramref name="signature"/> is the key's over <paramref name="digest"/>. Never throws for what comes from outside.</summary>
    public static bool Verify(PublicKey key, ReadOnlySpan<byte> digest, ReadOnlySpan<byte> signature)
    {
        if (signature.Length != DeviceKey.SignatureSizeBytes || !IsLowS(signature)) return false;
        try
        {
            using var ecdsa = ECDsa.Create(new ECParameters
            {
                Curve = ECCurve.NamedCurves.nistP256,
                Q = new() { X = key.Point[..32].ToArray(), Y = key.Point[32..].ToArray() },
            });
            return ecdsa.VerifyHash(digest, signature, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
        }
        // The point is not on the curve.
        catch (CryptographicException) { return false; }
    }

    private static bool IsLowS(ReadOnlySpan<byte> signature) => S(signature) <= s_half;

    private static BigInteger S(ReadOnlySpan<byte> signature) => new(signature[32..], isUnsigned: true, isBigEndian: true);
}
