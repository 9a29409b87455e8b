namespace Edge.Sync.Crdts.Sequences.History;

/// <summary>Reads what <see cref="BitEncoder"/> wrote. Behind its end a string reads as zeros, so that decisions never run out; <see cref="IsEnd"/> tells.</summary>
internal struct BitDecoder : IBitCoder
{
    private readonly byte[] _bytes;
    private uint _low;
    private uint _high = uint.MaxValue;
    private uint _value;
    private int _read;

    public BitDecoder(byte[] bytes)
    {
        _bytes = bytes;
        for (var i = 0; i < 4; i++) Shift();
    }

    /// <summary>How many bytes are decided: all that was read but the four that are looked at, and one of these.</summary>
    public readonly int Length => _read - 3;

    /// <summary>Whether decisions were read that nobody wrote.</summary>
    public readonly bool IsBehindEnd => Length > _bytes.Length;

    /// <summary>Whether the bytes so far are what an encoder has written that ends here.</summary>
    public readonly bool IsEnd => Length <= _bytes.Length && _bytes[Length - 1] == (byte)((_low >> 24) + 1);

    public bool Code(ref AdaptiveBit context, bool bit)
    {
        bit = Narrow(context.One);
        context.Learn(bit);
        return bit;
    }

    public bool Code(bool bit) => Narrow(0x8000);

    private bool Narrow(uint one)
    {
        var middle = _low + (uint)((ulong)(_high - _low) * one >> 16);
        var bit = _value <= middle;
        if (bit) _high = middle;
        else _low = middle + 1;
        for (; (_low ^ _high) >> 24 == 0; _low <<= 8, _high = (_high << 8) | 0xFF) Shift();
        return bit;
    }

    private void Shift() => _value = (_value << 8) | (_read++ < _bytes.Length ? _bytes[_read - 1] : 0U);
}
