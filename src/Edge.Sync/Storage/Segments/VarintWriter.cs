using System.Buffers;

namespace Edge.Sync.Storage.Segments;

/// <summary>One column: numbers as varints of 7 bits a byte, the lowest first, and bytes as they are.</summary>
internal sealed class VarintWriter
{
    private readonly ArrayBufferWriter<byte> _bytes = new();

    public ReadOnlySpan<byte> Bytes => _bytes.WrittenSpan;

    public void Write(ulong value)
    {
        for (; value >= 0x80; value >>= 7)
            _bytes.Write([(byte)(value | 0x80)]);
        _bytes.Write([(byte)value]);
    }

    /// <summary>Zigzag: 0, -1, 1, -2, ...</summary>
    public void WriteSigned(long value) => Write((ulong)(value << 1 ^ value >> 63));

    public void Write(ReadOnlySpan<byte> bytes) => _bytes.Write(bytes);

    public void Write(ReplicaId replica)
    {
        replica.WriteTo(_bytes.GetSpan(ReplicaId.SizeBytes));
        _bytes.Advance(ReplicaId.SizeBytes);
    }

    public void Write(ChangeId id)
    {
        id.Hash.WriteTo(_bytes.GetSpan(ChangeId.SizeBytes));
        _bytes.Advance(ChangeId.SizeBytes);
    }
}
