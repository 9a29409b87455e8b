using System.Buffers.Binary;
using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using Edge.Sync.Crdts.Sequences;

namespace Edge.Sync;

/// <summary>A place in a text or a list that keeps its neighbour whatever is edited, here or elsewhere: a cursor, the end of a selection, a bookmark.</summary>
/// <remarks>
/// <para>It is a value, to be kept, stored or sent: <see cref="ToString"/> and <see cref="Parse"/>, or <see cref="ToByteArray"/> and <see cref="FromBytes"/>. It
/// belongs to the text or list that gave it, on any replica. The default value is the start.</para>
/// <para>Bytes: side (0 = behind, 1 = before); and, unless it is the start or the end, the replica id (16 bytes) and the counter (1 to 7 bytes,
/// big-endian, without leading zeros) of the neighbour.</para>
/// </remarks>
public readonly struct StablePosition : IEquatable<StablePosition>
{
    /// <summary>The most bytes that a position has.</summary>
    public const int BytesMax = 1 + ReplicaId.SizeBytes + CounterBytesMax;

    private const int CounterBytesMax = 7;

    private readonly Anchor _anchor;
    private readonly bool _isBefore;

    internal StablePosition(Anchor anchor) => (_anchor, _isBefore) = (anchor, !anchor.IsBehind);

    /// <summary>The side to which it holds.</summary>
    public PositionBias Bias => _isBefore ? PositionBias.Right : PositionBias.Left;

    internal Anchor Anchor => new(_anchor.Dot, !_isBefore);

    /// <summary>Its bytes: 1, or 18 to 24.</summary>
    public byte[] ToByteArray()
    {
        Span<byte> bytes = stackalloc byte[BytesMax];
        bytes[0] = (byte)Bias;
        if (_anchor.Dot.Counter == 0) return bytes[..1].ToArray();
        _anchor.Dot.Replica.WriteTo(bytes[1..]);
        Span<byte> counter = stackalloc byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64BigEndian(counter, _anchor.Dot.Counter);
        counter = counter.TrimStart((byte)0);
        counter.CopyTo(bytes[(1 + ReplicaId.SizeBytes)..]);
        return bytes[..(1 + ReplicaId.SizeBytes + counter.Length)].ToArray();
    }

    /// <summary>Reads what <see cref="ToByteArray"/> wrote.</summary>
    /// <exception cref="EdgeDataException"><paramref name="bytes"/> are no position.</exception>
    public static StablePosition FromBytes(ReadOnlySpan<byte> bytes) =>
        TryRead(bytes, out var position) ? position : throw new EdgeDataException($"These {bytes.Length} bytes are no position.", "position");

    /// <summary>Its bytes in base64url: 2, or 24 to 32 letters, digits, '-' and '_'.</summary>
    public override string ToString() => Base64Url.EncodeToString(ToByteArray());

    /// <summary>Reads what <see cref="ToString"/> wrote.</summary>
    /// <exception cref="FormatException"><paramref name="text"/> is no position.</exception>
    public static StablePosition Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return TryParse(text, out var position) ? position : throw new FormatException($"'{text}' is no position.");
    }

    /// <summary>Like <see cref="Parse"/>; false for what is no position.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out StablePosition position)
    {
        position = default;
        if (text is null || text.Length > Base64Url.GetEncodedLength(BytesMax) || !Base64Url.IsValid(text)) return false;
        Span<byte> bytes = stackalloc byte[BytesMax + 2];
        // One text for one position: what decodes to the same bytes with padding, blanks or stray bits is not taken.
        return Base64Url.TryDecodeFromChars(text, bytes, out var length) && TryRead(bytes[..length], out position) && position.ToString() == text;
    }

    /// <inheritdoc/>
    public bool Equals(StablePosition other) => _isBefore == other._isBefore && _anchor.Dot == other._anchor.Dot;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is StablePosition other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(_anchor.Dot, _isBefore);

    /// <summary>Whether both are the same place.</summary>
    public static bool operator ==(StablePosition left, StablePosition right) => left.Equals(right);

    /// <summary>Whether they are two places.</summary>
    public static bool operator !=(StablePosition left, StablePosition right) => !left.Equals(right);

    private static bool TryRead(ReadOnlySpan<byte> bytes, out StablePosition position)
    {
        position = default;
        if (bytes.Length is 0 or > BytesMax || bytes[0] > (byte)PositionBias.Right) return false;
        var isBehind = bytes[0] == (byte)PositionBias.Left;
        if (bytes.Length == 1)
        {
            position = new(new(default, isBehind));
            return true;
        }
        if (bytes.Length < 1 + ReplicaId.SizeBytes + 1) return false;
        var counter = 0UL;
        foreach (var b in bytes[(1 + ReplicaId.SizeBytes)..]) counter = (counter << 8) | b;
        if (bytes[1 + ReplicaId.SizeBytes] == 0 || counter > Dot.CounterMax) return false;
        position = new(new(new(ReplicaId.FromBytes(bytes.Slice(1, ReplicaId.SizeBytes)), counter), isBehind));
        return true;
    }
}
