using Edge.Sync.Log;

namespace Edge.Sync.Storage.Segments;

/// <summary>Reads what <see cref="VarintWriter"/> wrote.</summary>
internal struct VarintReader(ReadOnlyMemory<byte> bytes)
{
    private int _at;

    public readonly bool End => _at == bytes.Length;

    public ulong Read()
    {
        ulong value = 0;
        for (var shift = 0; shift < 64; shift += 7)
        {
            if (_at == bytes.Length) break;
            var b = bytes.Span[_at++];
            value |= (ulong)(b & 0x7F) << shift;
            if (b < 0x80) return value;
        }
        throw Malformed("a number is cut short or too long");
    }

    public int ReadCount(int max) => Read() is var count && count <= (ulong)max ? (int)count : throw Malformed($"a number is over {max}");

    public long ReadSigned()
    {
        var value = Read();
        return (long)(value >> 1) ^ -(long)(value & 1);
    }

    public ReadOnlyMemory<byte> ReadBytes(long length)
    {
        if (length < 0 || length > bytes.Length - _at) throw Malformed("it is cut short");
        _at += (int)length;
        return bytes.Slice(_at - (int)length, (int)length);
    }

    public ReplicaId ReadReplica() => ReplicaId.FromBytes(ReadBytes(ReplicaId.SizeBytes).Span);

    public ChangeId ReadId() => new(Hash256.FromBytes(ReadBytes(ChangeId.SizeBytes).Span));

    public readonly EdgeDataException Malformed(string why) => new($"Malformed segment at byte {_at} of a column: {why}.", "segment", _at);
}
