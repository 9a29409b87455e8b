using System.Buffers;
using System.Text;
using MessagePack;

namespace Edge.Sync.Wire;

/// <summary>
/// Reads what <see cref="WireWriter"/> wrote. Input is hostile until checked: every count is held against the bytes that are left
/// before anything is allocated, and every error is an <see cref="EdgeDataException"/> that names the field and the offset.
/// </summary>
internal ref struct WireReader(ReadOnlyMemory<byte> input, ReadOnlySpan<ReplicaId> replicas)
{
    private static readonly UTF8Encoding s_strictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly ReadOnlySpan<ReplicaId> _replicas = replicas;
    private readonly int _length = input.Length;
    private MessagePackReader _raw = new(input);

    public readonly long Offset => _raw.Consumed;

    public readonly long Remaining => _length - _raw.Consumed;

    public readonly bool End => _raw.End;

    /// <summary>The number of elements of an array. No element is shorter than a byte, so a count over the bytes left is refused.</summary>
    public int ReadArrayHeader(string field, int elementBytesMin = 1)
    {
        try
        {
            if (!_raw.TryReadArrayHeader(out var count)) throw Malformed(field, "the input ends inside an array's header");
            // The header holds 32 bits without a sign, which the reader underneath gives as an int.
            if ((long)(uint)count * elementBytesMin > Remaining) throw Malformed(field, $"it claims {(uint)count} elements, and only {Remaining} bytes follow");
            return count;
        }
        catch (Exception e) when (IsRawError(e)) { throw Malformed(field, "an array was expected", e); }
    }

    /// <summary>Reads the header of an array that must have exactly <paramref name="count"/> elements.</summary>
    public void ReadArrayHeader(string field, int count, bool exactly)
    {
        var actual = ReadArrayHeader(field);
        if (exactly ? actual != count : actual < count) throw Malformed(field, $"{count} elements were expected, {actual} are there");
    }

    public int ReadInt32(string field, int min = 0, int max = int.MaxValue)
    {
        var value = ReadInt64(field);
        if (value < min || value > max) throw Malformed(field, $"{value} is not within {min} to {max}");
        return (int)value;
    }

    public long ReadInt64(string field)
    {
        try { return _raw.ReadInt64(); }
        catch (Exception e) when (IsRawError(e)) { throw Malformed(field, "an integer was expected", e); }
    }

    public ulong ReadUInt64(string field)
    {
        try { return _raw.ReadUInt64(); }
        catch (Exception e) when (IsRawError(e)) { throw Malformed(field, "an unsigned integer was expected", e); }
    }

    public bool ReadBoolean(string field)
    {
        try { return _raw.ReadBoolean(); }
        catch (Exception e) when (IsRawError(e)) { throw Malformed(field, "true or false was expected", e); }
    }

    public ulong ReadCounter(string field)
    {
        var counter = ReadUInt64(field);
        if (counter is 0 or > Dot.CounterMax) throw Malformed(field, $"{counter} is no counter");
        return counter;
    }

    public ReplicaId ReadReplica(string field)
    {
        var index = ReadInt32(field);
        if (index >= _replicas.Length) throw Malformed(field, $"there is no replica number {index}; {_replicas.Length} are named");
        return _replicas[index];
    }

    public Dot ReadDot(string field) => new(ReadReplica(field), ReadCounter(field));

    /// <summary>Text; lone surrogates cannot occur, since malformed UTF-8 is refused.</summary>
    public string ReadString(string field)
    {
        try
        {
            var bytes = _raw.ReadStringSequence() ?? throw Malformed(field, "text was expected, nil is there");
            return s_strictUtf8.GetString(bytes);
        }
        catch (Exception e) when (IsRawError(e)) { throw Malformed(field, "text in UTF-8 was expected", e); }
    }

    /// <summary>A whole replica id, written out.</summary>
    public ReplicaId ReadReplicaId(string field)
    {
        var bytes = ReadBytes(field);
        if (bytes.Length != ReplicaId.SizeBytes) throw Malformed(field, $"a replica id has {ReplicaId.SizeBytes} bytes, not {bytes.Length}");
        return ReplicaId.FromBytes(bytes);
    }

    /// <summary>Bytes as a slice of the reader's own input, which the caller passes in again: nothing is copied.</summary>
    public ReadOnlyMemory<byte> ReadSlice(string field, ReadOnlyMemory<byte> input)
    {
        try
        {
            var bytes = _raw.ReadBytes() ?? throw Malformed(field, "bytes were expected, nil is there");
            return input.Slice((int)(_raw.Consumed - bytes.Length), (int)bytes.Length);
        }
        catch (Exception e) when (IsRawError(e)) { throw Malformed(field, "bytes were expected", e); }
    }

    /// <summary>One MessagePack value of any shape, as the bytes that encode it.</summary>
    public ValueBytes ReadValue(string field)
    {
        try { return new(_raw.ReadRaw().ToArray()); }
        catch (Exception e) when (IsRawError(e)) { throw Malformed(field, "a value was expected", e); }
    }

    /// <summary>Dots in ascending order without duplicates, as <see cref="WireWriter.WriteDots"/> writes them.</summary>
    public Dot[] ReadDots(string field)
    {
        var length = ReadArrayHeader(field);
        if (length % 2 != 0) throw Malformed(field, "a dot is cut in half");
        if (length == 0) return [];
        var dots = new Dot[length / 2];
        for (var i = 0; i < dots.Length; i++)
        {
            dots[i] = ReadDot(field);
            if (i > 0 && dots[i - 1].CompareTo(dots[i]) >= 0) throw Malformed(field, "its dots are not in ascending order");
        }
        return dots;
    }

    public bool TryReadNil()
    {
        try { return _raw.TryReadNil(); }
        catch (Exception e) when (IsRawError(e)) { return false; }
    }

    public byte[] ReadBytes(string field)
    {
        try { return _raw.ReadBytes()?.ToArray() ?? throw Malformed(field, "bytes were expected, nil is there"); }
        catch (Exception e) when (IsRawError(e)) { throw Malformed(field, "bytes were expected", e); }
    }

    /// <summary>Passes over one MessagePack value of any shape.</summary>
    public void Skip(string field)
    {
        try { _raw.Skip(); }
        catch (Exception e) when (IsRawError(e)) { throw Malformed(field, "a value was expected", e); }
    }

    public void ReadEnd(string field)
    {
        if (!End) throw Malformed(field, $"{Remaining} bytes follow its end");
    }

    public readonly EdgeDataException Malformed(string field, string problem, Exception? innerException = null) =>
        new($"Malformed {field} at byte {Offset}: {problem}.", field, Offset, innerException: innerException);

    // A length of 2^31 or more is out of the range of what the reader underneath can skip.
    private static bool IsRawError(Exception e) => e is MessagePackSerializationException or EndOfStreamException or OverflowException or InvalidOperationException or ArgumentOutOfRangeException or DecoderFallbackException;
}
