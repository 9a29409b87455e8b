using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Edge.Sync.Verification;

/// <summary>A sum over places in the log: equal for equal sets of them, in any order.</summary>
internal sealed class IndexCheck(long end)
{
    public long End => end;

    public (long Count, UInt128 Hashes) Sum { get; private set; }

    private readonly Dictionary<ReplicaId, (Dot Last, long Sequence)> _segment = [];

    /// <param name="last">The change.</param>
    /// <param name="sequence">Its place.</param>
    /// <param name="segmentEnd">Where its segment ends, if it is packed: of that only the last change of each feed counts.</param>
    public void Add(Dot last, long sequence, long? segmentEnd)
    {
        if (segmentEnd is null)
        {
            Add(last, sequence);
            return;
        }
        _segment[last.Replica] = (last, sequence);
        if (sequence != segmentEnd) return;
        foreach (var change in _segment.Values)
            Add(change.Last, change.Sequence);
        _segment.Clear();
    }

    public void Add(Dot last, long sequence)
    {
        if (sequence > end) return;
        Span<byte> bytes = stackalloc byte[ReplicaId.SizeBytes + 2 * sizeof(ulong)];
        last.Replica.WriteTo(bytes);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes[ReplicaId.SizeBytes..], last.Counter);
        BinaryPrimitives.WriteInt64LittleEndian(bytes[(ReplicaId.SizeBytes + sizeof(ulong))..], sequence);
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(bytes, hash);
        Sum = (Sum.Count + 1, unchecked(Sum.Hashes + BinaryPrimitives.ReadUInt128LittleEndian(hash)));
    }
}
