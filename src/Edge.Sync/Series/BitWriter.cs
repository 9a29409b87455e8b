using System.Buffers.Binary;

namespace Edge.Sync.Series;

/// <summary>Numbers of any width one behind the other, the lowest bits first.</summary>
internal sealed class BitWriter
{
    private byte[] _bytes = new byte[1024];
    private int _length, _bits;
    private ulong _pending;

    /// <summary>Writes the lowest <paramref name="width"/> bits, 0 to 64.</summary>
    public void Write(ulong value, int width)
    {
        if (width == 0) return;
        if (width < 64) value &= (1UL << width) - 1;
        _pending |= value << _bits;
        if (_bits + width < 64)
        {
            _bits += width;
            return;
        }
        if (_bytes.Length - _length < sizeof(ulong)) Array.Resize(ref _bytes, _bytes.Length * 2);
        BinaryPrimitives.WriteUInt64LittleEndian(_bytes.AsSpan(_length), _pending);
        _length += sizeof(ulong);
        var over = _bits + width - 64;
        _pending = over == 0 ? 0 : value >> (width - over);
        _bits = over;
    }

    /// <summary>All bytes, the last one filled with zeros, behind <paramref name="reserved"/> free ones.</summary>
    public byte[] ToArray(int reserved)
    {
        var tail = (_bits + 7) / 8;
        var bytes = new byte[reserved + _length + tail];
        _bytes.AsSpan(0, _length).CopyTo(bytes.AsSpan(reserved));
        for (var i = 0; i < tail; i++)
            bytes[reserved + _length + i] = (byte)(_pending >> 8 * i);
        return bytes;
    }

    public void Clear() => (_length, _bits, _pending) = (0, 0, 0);
}
