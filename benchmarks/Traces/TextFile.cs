using System.Buffers;
using Edge.Sync.Crdts;
using Edge.Sync.Crdts.Sequences.History;
using Edge.Sync.Wire;

namespace Edge.Sync.Benchmarks.Traces;

/// <summary>What is stored of a text, and the replicas that it refers to by number.</summary>
internal readonly record struct TextFile(byte[] Bytes, ReplicaId[] Replicas)
{
    /// <summary>The size with the replicas' ids.</summary>
    public int Size => Bytes.Length + Replicas.Length * ReplicaId.SizeBytes;

    public static TextFile Of(TextState text, bool isCompact)
    {
        var table = new ReplicaTable();
        text.CollectReplicas(table);
        table.Sort();
        var output = new ArrayBufferWriter<byte>();
        var writer = new WireWriter(output, table);
        if (isCompact) text.WriteCompact(ref writer);
        else text.Write(ref writer);
        writer.Flush();
        return new(output.WrittenSpan.ToArray(), [.. table.Replicas]);
    }

    public static TextFile Of(TextHistoryWriter history)
    {
        var table = new ReplicaTable();
        var output = new ArrayBufferWriter<byte>();
        var writer = new WireWriter(output, table);
        history.Write(ref writer);
        writer.Flush();
        return new(output.WrittenSpan.ToArray(), [.. table.Replicas]);
    }

    public TextState ToText()
    {
        var reader = new WireReader(Bytes, Replicas);
        return TextState.Read(ref reader);
    }

    public TextHistory ToHistory()
    {
        var reader = new WireReader(Bytes, Replicas);
        return TextHistory.Read(ref reader);
    }
}
