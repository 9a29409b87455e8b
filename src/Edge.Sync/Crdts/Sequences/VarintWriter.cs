namespace Edge.Sync.Crdts.Sequences;

/// <summary>A growing column of integers, seven bits a byte, least significant first.</summary>
internal struct VarintWriter()
{
    private byte[] _bytes = new byte[64];
    private int _count;

    public readonly ReadOnlySpan<byte> Span => _bytes.AsSpan(0, _count);

    public void Write(ulong value)
    {
        if (_count + 10 > _bytes.Length) Array.Resize(ref _bytes, _bytes.Length * 2);
        while (value >= 0x80)
        {
            _bytes[_count++] = (byte)(value | 0x80);
            value >>= 7;
        }
        _bytes[_count++] = (byte)value;
    }
}
