using System.Buffers.Binary;
using System.Globalization;

namespace Edge.Sync.Trust.Content;

/// <summary>Names a key that documents' sections are encrypted with: 16 bytes of a hash over the key and its document, see <see cref="ContentKey"/>.</summary>
internal readonly record struct ContentKeyId(UInt128 Value) : IComparable<ContentKeyId>
{
    public const int SizeBytes = 16;

    /// <exception cref="ArgumentException"><paramref name="bytes"/> has another length.</exception>
    public static ContentKeyId FromBytes(ReadOnlySpan<byte> bytes) =>
        bytes.Length == SizeBytes ? new(BinaryPrimitives.ReadUInt128BigEndian(bytes)) : throw new ArgumentException($"A key id has {SizeBytes} bytes, not {bytes.Length}.", nameof(bytes));

    public void WriteTo(Span<byte> destination) => BinaryPrimitives.WriteUInt128BigEndian(destination, Value);

    public byte[] ToByteArray()
    {
        var bytes = new byte[SizeBytes];
        WriteTo(bytes);
        return bytes;
    }

    public int CompareTo(ContentKeyId other) => Value.CompareTo(other.Value);

    public override string ToString() => Value.ToString("x32", CultureInfo.InvariantCulture);
}
