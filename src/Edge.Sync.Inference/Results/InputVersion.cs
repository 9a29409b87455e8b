using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Edge.Sync.Inference;

/// <summary>What a model was asked about: the first 16 bytes of the SHA-256 hash of the features before any step. Equal features have equal versions, on every device.</summary>
public readonly record struct InputVersion
{
    private readonly UInt128 _value;

    private InputVersion(UInt128 value) => _value = value;

    /// <summary>The version of a row of features.</summary>
    public static InputVersion Of(ReadOnlySpan<float> features)
    {
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        if (BitConverter.IsLittleEndian)
        {
            SHA256.HashData(MemoryMarshal.AsBytes(features), digest);
        }
        else
        {
            var bytes = new byte[features.Length * sizeof(float)];
            for (var i = 0; i < features.Length; i++)
                BinaryPrimitives.WriteSingleLittleEndian(bytes.AsSpan(i * sizeof(float)), features[i]);
            SHA256.HashData(bytes, digest);
        }
        return new(BinaryPrimitives.ReadUInt128BigEndian(digest));
    }

    /// <summary>Reads 32 hexadecimal digits.</summary>
    public static bool TryParse(string? text, out InputVersion version)
    {
        var read = UInt128.TryParse(text, System.Globalization.NumberStyles.AllowHexSpecifier, System.Globalization.CultureInfo.InvariantCulture, out var value) && text!.Length == 32;
        version = read ? new(value) : default;
        return read;
    }

    /// <summary>32 hexadecimal digits, in lower case.</summary>
    public override string ToString() => _value.ToString("x32", System.Globalization.CultureInfo.InvariantCulture);
}
