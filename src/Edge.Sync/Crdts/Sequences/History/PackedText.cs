using System.IO.Compression;
using System.Numerics;
using System.Text;

namespace Edge.Sync.Crdts.Sequences.History;

/// <summary>Text in UTF-8: in Brotli where that makes it smaller, as it is where not. Which of the two follows from the length.</summary>
internal static class PackedText
{
    /// <summary>The most that compression may gain: more is refused, so that a few bytes cannot ask for much memory.</summary>
    public const int RatioMax = 64;

    /// <summary>Up to this size the best compression is used, which takes about a second for each million bytes.</summary>
    private const int SmallestSizeMax = 2 << 20;

    private static readonly UTF8Encoding s_strictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <param name="text">Without halves of surrogate pairs.</param>
    /// <param name="length">The length in UTF-8.</param>
    public static byte[] Pack(string text, out int length)
    {
        var bytes = s_strictUtf8.GetBytes(text);
        length = bytes.Length;
        var packed = new byte[BrotliEncoder.GetMaxCompressedLength(bytes.Length)];
        var window = Math.Clamp(BitOperations.Log2((uint)bytes.Length | 1) + 1, 10, 24);
        if (!BrotliEncoder.TryCompress(bytes, packed, out var size, bytes.Length <= SmallestSizeMax ? 11 : 9, window)) return bytes;
        return size < bytes.Length && (long)size * RatioMax >= bytes.Length ? packed[..size] : bytes;
    }

    /// <param name="packed">What <see cref="Pack"/> returned.</param>
    /// <param name="length">The length in UTF-8.</param>
    /// <returns>Null where the bytes are no text of that length.</returns>
    public static string? Unpack(byte[] packed, int length)
    {
        if (length < packed.Length || length > (long)packed.Length * RatioMax) return null;
        var bytes = packed;
        if (length != packed.Length)
        {
            bytes = GC.AllocateUninitializedArray<byte>(length);
            if (!BrotliDecoder.TryDecompress(packed, bytes, out var written) || written != length) return null;
        }
        try { return s_strictUtf8.GetString(bytes); }
        catch (DecoderFallbackException) { return null; }
    }
}
