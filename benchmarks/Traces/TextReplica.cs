using System.Buffers;
using Edge.Sync.Causality;
using Edge.Sync.Crdts;
using Edge.Sync.Crdts.Sequences;
using Edge.Sync.Wire;

namespace Edge.Sync.Benchmarks.Traces;

/// <summary>An encoded delta: its first dot and where its bytes lie in a common buffer.</summary>
internal readonly record struct EncodedDelta(Dot First, int Offset, int Length);

/// <summary>A text and its author, which makes edits the way a document does.</summary>
internal sealed class TextReplica(ReplicaId id)
{
    public TextState Text { get; } = new();

    public ulong Counter { get; private set; }

    /// <summary>Makes and joins one splice. The deltas go to <paramref name="log"/>, where there is one.</summary>
    public void Apply(in Patch patch, DeltaLog? log)
    {
        if (patch.Deleted > 0) Commit(Text.Delete(new(id, Counter + 1), patch.Index, patch.Deleted), log);
        if (patch.Inserted.Length > 0) Commit(Text.Insert(new(id, Counter + 1), patch.Index, patch.Inserted), log);
    }

    /// <summary>The same without an object for each delta: it is written straight into <paramref name="log"/>, where there is one.</summary>
    public void ApplyAtOnce(in Patch patch, DeltaLog? log)
    {
        if (patch.Deleted > 0)
        {
            var edit = Text.DeleteAndJoin(new(id, Counter + 1), patch.Index, patch.Deleted);
            log?.Add(edit);
        }
        if (patch.Inserted.Length > 0)
        {
            var edit = Text.InsertAndJoin(new(id, Counter + 1), patch.Index, patch.Inserted);
            Counter += (ulong)edit.DotCount;
            log?.Add(edit);
        }
    }

    private void Commit(TextDelta delta, DeltaLog? log)
    {
        Text.Join(delta, default);
        Counter += (ulong)delta.DotCount;
        log?.Add(delta);
    }
}

/// <summary>Deltas as the bytes that travel, one after the other.</summary>
internal sealed class DeltaLog
{
    private readonly ArrayBufferWriter<byte> _bytes = new(1 << 16);
    private readonly ReplicaTable _table = new();
    private readonly List<EncodedDelta> _deltas = [];

    public DeltaLog(IEnumerable<ReplicaId> replicas)
    {
        foreach (var replica in replicas) _table.IndexOf(replica);
    }

    public List<EncodedDelta> Deltas => _deltas;

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

    /// <summary>Decodes and joins deltas one by one, as they would come from a peer.</summary>
    public void ApplyTo(TextState text, int from, int to)
    {
        var replicas = _table.Replicas.ToArray();
        var bytes = _bytes.WrittenMemory;
        for (var i = from; i < to; i++)
        {
            var encoded = _deltas[i];
            var reader = new WireReader(bytes.Slice(encoded.Offset, encoded.Length), replicas);
            text.Join(TextDelta.Read(encoded.First, ref reader), default);
        }
    }
}

/// <summary>Stored texts.</summary>
internal static class TextFile
{
    public static (byte[] Bytes, ReplicaId[] Replicas) Write(TextState text, bool isCompact)
    {
        var table = new ReplicaTable();
        text.CollectReplicas(table);
        table.Sort();
        var output = new ArrayBufferWriter<byte>();
        var writer = new WireWriter(output, table);
        if (isCompact) text.WriteCompact(ref writer);
        else text.Write(ref writer);
        writer.Flush();
        return (output.WrittenSpan.ToArray(), [.. table.Replicas]);
    }

    public static TextState Read(byte[] bytes, ReplicaId[] replicas)
    {
        var reader = new WireReader(bytes, replicas);
        return TextState.Read(ref reader);
    }
}
