using System.Text;

namespace Edge.Sync.Wire;

/// <summary>
/// Reads what <see cref="WireWriter"/> wrote. Input is hostile until checked: every count is held against the bytes that are left
/// before anything is allocated, and every error is an <see cref="EdgeDataException"/> that names the field and the offset.
/// </summary>
/// <remarks>
/// MessagePack has several encodings of one number, text or array. Only the shortest is taken, so that one value has one byte string: else a set could
/// hold one element twice, and equal states could have unequal bytes.
/// </remarks>
internal ref partial struct WireReader(ReadOnlyMemory<byte> input, ReadOnlySpan<ReplicaId> replicas)
{
    private readonly ReadOnlyMemory<byte> _input = input;
    private readonly ReadOnlySpan<byte> _bytes = input.Span;
    private readonly ReadOnlySpan<ReplicaId> _replicas = replicas;
    private Span<bool> _named;
    private int _at;

    public readonly long Offset => _at;

    public readonly long Remaining => _bytes.Length - _at;

    public readonly bool End => _at == _bytes.Length;

    /// <summary>Whether an array comes next.</summary>
    public readonly bool IsAtArray => !End && _bytes[_at] is (>= WireTokens.FixArray and < WireTokens.FixText) or WireTokens.Array16 or WireTokens.Array32;

    /// <summary>A reader that goes on from here, and in which replicas are numbers of a table that has been read meanwhile.</summary>
    public readonly WireReader With(ReadOnlySpan<ReplicaId> replicas) => new(_input, replicas) { _at = _at };

    /// <summary>Like <see cref="With(ReadOnlySpan{ReplicaId})"/>, and notes which of them are named: for <see cref="ReadEnd"/>, which then refuses a table with more.</summary>
    public readonly WireReader WithAll(ReadOnlySpan<ReplicaId> replicas) => new(_input, replicas) { _at = _at, _named = new bool[replicas.Length] };

    /// <summary>The number of elements of an array, of which none is shorter than <paramref name="elementBytesMin"/>: a count beyond the bytes left is refused.</summary>
    public int ReadArrayHeader(string field, int elementBytesMin = 1)
    {
        var count = ReadLength(field, WireTokens.Array, "an array was expected");
        if ((long)count * elementBytesMin > Remaining) throw Malformed(field, $"it claims {count} elements, and only {Remaining} bytes follow");
        return (int)count;
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

    /// <summary>Reads true or false where one of them comes next.</summary>
    public bool TryReadBoolean(out bool value)
    {
        value = !End && _bytes[_at] == WireTokens.True;
        var isNext = value || (!End && _bytes[_at] == WireTokens.False);
        if (isNext) _at++;
        return isNext;
    }

    public bool ReadBoolean(string field)
    {
        var code = Peek(field);
        if (code is not (WireTokens.False or WireTokens.True)) throw Unexpected(field, "true or false was expected");
        _at++;
        return code == WireTokens.True;
    }

    public ulong ReadCounter(string field)
    {
        var counter = ReadUInt64(field);
        if (counter is 0 or > Dot.CounterMax) throw Malformed(field, $"{counter} is no counter");
        return counter;
    }

    public ReplicaId ReadReplica(string field)
    {
        var index = ReadUInt64(field);
        if (index >= (ulong)_replicas.Length) throw Malformed(field, $"there is no replica number {index}; {_replicas.Length} are named");
        if (!_named.IsEmpty) _named[(int)index] = true;
        return _replicas[(int)index];
    }

    public Dot ReadDot(string field) => new(ReadReplica(field), ReadCounter(field));

    /// <summary>Text; lone surrogates cannot occur, since malformed UTF-8 is refused.</summary>
    public string ReadString(string field) => Encoding.UTF8.GetString(ReadUtf8(field));

    /// <summary>A whole replica id, written out.</summary>
    public ReplicaId ReadReplicaId(string field)
    {
        var bytes = ReadContent(field, WireTokens.Binary, "bytes were expected");
        if (bytes.Length != ReplicaId.SizeBytes) throw Malformed(field, $"a replica id has {ReplicaId.SizeBytes} bytes, not {bytes.Length}");
        return ReplicaId.FromBytes(bytes);
    }

    public byte[] ReadBytes(string field) => ReadContent(field, WireTokens.Binary, "bytes were expected").ToArray();

    /// <summary>Bytes as a slice of the reader's own input: nothing is copied.</summary>
    public ReadOnlyMemory<byte> ReadSlice(string field)
    {
        var length = ReadContent(field, WireTokens.Binary, "bytes were expected").Length;
        return _input.Slice(_at - length, length);
    }

    /// <summary>Text as a slice of the reader's own input, in UTF-8.</summary>
    public ReadOnlyMemory<byte> ReadTextSlice(string field)
    {
        var length = ReadUtf8(field).Length;
        return _input.Slice(_at - length, length);
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
        if (End || _bytes[_at] != WireTokens.Nil) return false;
        _at++;
        return true;
    }

    public readonly void ReadEnd(string field)
    {
        if (!End) throw Malformed(field, $"{Remaining} bytes follow its end");
        if (_named.Contains(false)) throw Malformed(field, $"it lists replica {_replicas[_named.IndexOf(false)]}, and does not name it");
    }

    public readonly EdgeDataException Malformed(string field, string problem, Exception? innerException = null) =>
        new($"Malformed {field} at byte {Offset}: {problem}.", field, Offset, innerException: innerException);
}
