using System.Buffers.Binary;

namespace Edge.Sync.Trust.Content;

/// <summary>Which keys a database's file goes with: those of this store, as many writes on as it has seen. A store that is behind lacks keys.</summary>
/// <param name="Store">Drawn when the store was made.</param>
/// <param name="Generation">Grows with each write of the store.</param>
internal readonly record struct KeyMark(UInt128 Store, long Generation)
{
    public const int SizeBytes = 24;

    /// <summary>Whether keys at <paramref name="actual"/> are at least those that this mark asks for.</summary>
    public bool IsMetBy(KeyMark? actual) => actual is { } mark && mark.Store == Store && mark.Generation >= Generation;

    public byte[] ToByteArray()
    {
        var bytes = new byte[SizeBytes];
        BinaryPrimitives.WriteUInt128BigEndian(bytes, Store);
        BinaryPrimitives.WriteInt64BigEndian(bytes.AsSpan(16), Generation);
        return bytes;
    }

    /// <exception cref="ArgumentException">The bytes are no mark.</exception>
    public static KeyMark FromBytes(ReadOnlySpan<byte> bytes) => bytes.Length == SizeBytes
        ? new(BinaryPrimitives.ReadUInt128BigEndian(bytes), BinaryPrimitives.ReadInt64BigEndian(bytes[16..]))
        : throw new ArgumentException($"A mark has {SizeBytes} bytes, not {bytes.Length}.", nameof(bytes));
}
