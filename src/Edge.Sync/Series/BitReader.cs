using System.Buffers.Binary;

namespace Edge.Sync.Series;

/// <summary>Reads what <see cref="BitWriter"/> wrote.</summary>
internal ref struct BitReader(ReadOnlySpan<byte> bytes)
{
    private readonly ReadOnlySpan<byte> _bytes = bytes;
    private long _position;

    /// <exception cref="EdgeDataException">There are not so many bits.</exception>
    public ulong Read(int width)
    {
        if (width == 0) return 0;
        if (_position + width > _bytes.Length * 8L) throw Malformed("it is cut short");
        var (at, shift) = ((int)(_position >> 3), (int)(_position & 7));
        ulong value = 0;
        if (at + sizeof(ulong) <= _bytes.Length) value = BinaryPrimitives.ReadUInt64LittleEndian(_bytes[at..]);
        else
            for (var i = at; i < _bytes.Length; i++)
                value |= (ulong)_bytes[i] << 8 * (i - at);
        value >>= shift;
        if (width > 64 - shift) value |= (ulong)_bytes[at + sizeof(ulong)] << (64 - shift);
        _position += width;
        return width == 64 ? value : value & ((1UL << width) - 1);
    }

    /// <summary>Nothing but the zeros that fill the last byte may follow.</summary>
    public void ReadEnd()
    {
        var left = _bytes.Length * 8L - _position;
        if (left >= 8 || Read((int)left) != 0) throw Malformed("bytes follow its end");
    }

    public readonly EdgeDataException Malformed(string why) => new($"Malformed series.block at byte {_position / 8}: {why}.", "series.block", _position / 8);
}
