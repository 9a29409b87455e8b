using System.Security.Cryptography;

namespace Edge.Sync.Inference;

/// <summary>The SHA-256 hash of a model's bytes: what tells one model from another, whatever they are called.</summary>
public readonly record struct ModelHash
{
    private const int HalfLength = 16;

    private readonly UInt128 _high;
    private readonly UInt128 _low;

    private ModelHash(ReadOnlySpan<byte> digest)
    {
        _high = System.Buffers.Binary.BinaryPrimitives.ReadUInt128BigEndian(digest);
        _low = System.Buffers.Binary.BinaryPrimitives.ReadUInt128BigEndian(digest[HalfLength..]);
    }

    /// <summary>The hash of <paramref name="bytes"/>.</summary>
    public static ModelHash Of(ReadOnlySpan<byte> bytes)
    {
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(bytes, digest);
        return new(digest);
    }

    /// <summary>The hash of all that <paramref name="stream"/> still holds.</summary>
    public static ModelHash Of(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(stream, digest);
        return new(digest);
    }

    /// <summary>Reads 64 hexadecimal digits.</summary>
    public static bool TryParse(string? text, out ModelHash hash)
    {
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        if (text is { Length: 2 * SHA256.HashSizeInBytes } && Convert.FromHexString(text, digest, out _, out _) == System.Buffers.OperationStatus.Done)
        {
            hash = new(digest);
            return true;
        }
        hash = default;
        return false;
    }

    /// <summary>Writes the 32 bytes.</summary>
    public void CopyTo(Span<byte> destination)
    {
        System.Buffers.Binary.BinaryPrimitives.WriteUInt128BigEndian(destination, _high);
        System.Buffers.Binary.BinaryPrimitives.WriteUInt128BigEndian(destination[HalfLength..], _low);
    }

    /// <summary>64 hexadecimal digits, in lower case.</summary>
    public override string ToString()
    {
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        CopyTo(digest);
        return Convert.ToHexStringLower(digest);
    }
}
