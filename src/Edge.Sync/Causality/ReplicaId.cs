using System.Buffers.Binary;

namespace Edge.Sync;

/// <summary>
/// Names one copy of a database: one SQLite file, one writer. 16 bytes, drawn at random when the file is made.
/// </summary>
/// <remarks>
/// A (replica, counter) pair is never reused. Ids compare as big-endian byte strings, so that every replica sorts them alike.
/// </remarks>
public readonly record struct ReplicaId : IComparable<ReplicaId>
{
    /// <summary>The length of an id on the wire and on disk, in bytes.</summary>
    public const int SizeBytes = 16;

    private readonly ulong _high;
    private readonly ulong _low;

    internal ReplicaId(ulong high, ulong low) => (_high, _low) = (high, low);

    /// <summary>Reads an id from its 16 bytes.</summary>
    /// <exception cref="ArgumentException"><paramref name="bytes"/> is not 16 bytes long.</exception>
    public static ReplicaId FromBytes(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length != SizeBytes)
            throw new ArgumentException($"A replica id has {SizeBytes} bytes, not {bytes.Length}.", nameof(bytes));
        return new(BinaryPrimitives.ReadUInt64BigEndian(bytes), BinaryPrimitives.ReadUInt64BigEndian(bytes[8..]));
    }

    /// <summary>Writes the id's 16 bytes to the start of <paramref name="destination"/>.</summary>
    public void WriteTo(Span<byte> destination)
    {
        BinaryPrimitives.WriteUInt64BigEndian(destination, _high);
        BinaryPrimitives.WriteUInt64BigEndian(destination[8..], _low);
    }

    /// <summary>The id's 16 bytes, in a new array.</summary>
    public byte[] ToByteArray()
    {
        var bytes = new byte[SizeBytes];
        WriteTo(bytes);
        return bytes;
    }

    /// <inheritdoc/>
    public int CompareTo(ReplicaId other)
    {
        var high = _high.CompareTo(other._high);
        return high != 0 ? high : _low.CompareTo(other._low);
    }

    /// <summary>The first eight hexadecimal digits: enough to tell replicas apart in a log line.</summary>
    public override string ToString() => (_high >> 32).ToString("x8", System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>Whether <paramref name="left"/> sorts before <paramref name="right"/>.</summary>
    public static bool operator <(ReplicaId left, ReplicaId right) => left.CompareTo(right) < 0;

    /// <summary>Whether <paramref name="left"/> sorts after <paramref name="right"/>.</summary>
    public static bool operator >(ReplicaId left, ReplicaId right) => left.CompareTo(right) > 0;

    /// <summary>Whether <paramref name="left"/> sorts before <paramref name="right"/> or equals it.</summary>
    public static bool operator <=(ReplicaId left, ReplicaId right) => left.CompareTo(right) <= 0;

    /// <summary>Whether <paramref name="left"/> sorts after <paramref name="right"/> or equals it.</summary>
    public static bool operator >=(ReplicaId left, ReplicaId right) => left.CompareTo(right) >= 0;
}
