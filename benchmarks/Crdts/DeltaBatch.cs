using System.Buffers;
using Edge.Sync.Causality;
using Edge.Sync.Crdts;
using Edge.Sync.Wire;

namespace Edge.Sync.Benchmarks;

/// <summary>Deltas on their way: encoded one by one as a change's section has them, and decoded again.</summary>
internal sealed class DeltaBatch(ReplicaId[] replicas)
{
    private readonly ArrayBufferWriter<byte> _output = new(1 << 20);
    private readonly ReplicaTable _table = NewTable(replicas);
    private readonly List<(Dot First, CrdtKind Kind, int Start)> _deltas = [];

    public int Count => _deltas.Count;

    public int Bytes => _output.WrittenCount;

    public void Add(Delta delta)
    {
        _deltas.Add((delta.First, delta.Kind, _output.WrittenCount));
        var writer = new WireWriter(_output, _table);
        delta.Write(ref writer);
        writer.Flush();
    }

    public void JoinInto(CrdtState state, HybridTimestamp stamp)
    {
        var bytes = _output.WrittenMemory;
        for (var i = 0; i < _deltas.Count; i++) JoinInto(state, stamp, i, bytes);
    }

    public void JoinInto(CrdtState state, HybridTimestamp stamp, int index) => JoinInto(state, stamp, index, _output.WrittenMemory);

    private void JoinInto(CrdtState state, HybridTimestamp stamp, int index, ReadOnlyMemory<byte> bytes)
    {
        var (first, kind, start) = _deltas[index];
        var end = index + 1 < _deltas.Count ? _deltas[index + 1].Start : bytes.Length;
        var reader = new WireReader(bytes[start..end], replicas);
        state.Join(Delta.Read(kind, first, ref reader), stamp);
    }

    private static ReplicaTable NewTable(ReplicaId[] replicas)
    {
        var table = new ReplicaTable();
        foreach (var replica in replicas) table.IndexOf(replica);
        return table;
    }
}
