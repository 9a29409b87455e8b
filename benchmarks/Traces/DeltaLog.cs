using System.Buffers;
using Edge.Sync.Causality;
using Edge.Sync.Crdts;
using Edge.Sync.Crdts.Sequences;
using Edge.Sync.Crdts.Sequences.History;
using Edge.Sync.Wire;

namespace Edge.Sync.Benchmarks.Traces;

/// <summary>An encoded delta: its first dot and where its bytes lie in a common buffer.</summary>
internal readonly record struct EncodedDelta(Dot First, int Offset, int Length);

/// <summary>Deltas as the bytes that travel, one after the other.</summary>
internal sealed class DeltaLog
{
    private readonly ArrayBufferWriter<byte> _bytes = new(1 << 16);
    private readonly ReplicaTable _table = new();
    private readonly List<EncodedDelta> _deltas = [];
    private readonly Dictionary<int, HistoryHead[]> _heads = [];

    public DeltaLog(IEnumerable<ReplicaId> replicas)
    {
        foreach (var replica in replicas) _table.IndexOf(replica);
        Replicas = _table.Replicas.ToArray();
    }

    public ReplicaId[] Replicas { get; }

    public int Count => _deltas.Count;

    public int ByteCount => _bytes.WrittenCount;

    public void Add(TextDelta delta)
    {
        var offset = _bytes.WrittenCount;
        var writer = new WireWriter(_bytes, _table);
        delta.Write(ref writer);
        writer.Flush();
        _deltas.Add(new(delta.First, offset, _bytes.WrittenCount - offset));
    }

    public void Add(in TextEdit edit)
    {
        var offset = _bytes.WrittenCount;
        var writer = new WireWriter(_bytes, _table);
        edit.Write(ref writer);
        writer.Flush();
        _deltas.Add(new(edit.First, offset, _bytes.WrittenCount - offset));
    }

    /// <summary>Says what the next delta's author had newly heard of.</summary>
    public void AddHeads(HistoryHead[] heads)
    {
        if (heads.Length > 0) _heads[_deltas.Count] = heads;
    }

    public HistoryHead[] HeadsOf(int index) => _heads.GetValueOrDefault(index, []);

    public ReplicaId AuthorOf(int index) => _deltas[index].First.Replica;

    public ReadOnlySpan<byte> BytesOf(int index) => _bytes.WrittenSpan.Slice(_deltas[index].Offset, _deltas[index].Length);

    public TextDelta Decode(int index) => Decode(index, _bytes.WrittenMemory);

    /// <summary>Decodes and joins deltas one by one, as they would come from a peer.</summary>
    public void ApplyTo(TextState text, int from, int to)
    {
        var bytes = _bytes.WrittenMemory;
        for (var i = from; i < to; i++) text.Join(Decode(i, bytes), default);
    }

    /// <summary>Decodes and joins all deltas as one message: they follow one another without a frame between them.</summary>
    public void ApplyAllTo(TextState text)
    {
        var reader = new WireReader(_bytes.WrittenMemory, Replicas);
        foreach (var delta in _deltas) text.Join(TextDelta.Read(delta.First, ref reader), default);
        reader.ReadEnd("batch");
    }

    /// <summary>Whether <paramref name="delta"/> has the bytes of the delta at <paramref name="index"/>.</summary>
    public bool IsAt(int index, TextDelta delta)
    {
        var output = new ArrayBufferWriter<byte>(64);
        var writer = new WireWriter(output, _table);
        delta.Write(ref writer);
        writer.Flush();
        return delta.First == _deltas[index].First && output.WrittenSpan.SequenceEqual(BytesOf(index));
    }

    private TextDelta Decode(int index, ReadOnlyMemory<byte> bytes)
    {
        var encoded = _deltas[index];
        var reader = new WireReader(bytes.Slice(encoded.Offset, encoded.Length), Replicas);
        return TextDelta.Read(encoded.First, ref reader);
    }
}
