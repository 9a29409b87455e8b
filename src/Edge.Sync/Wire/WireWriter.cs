using System.Buffers;
using MessagePack;

namespace Edge.Sync.Wire;

/// <summary>Writes what goes to disk and to peers: MessagePack, in which replicas may be numbers of a table that is written beside them.</summary>
internal ref struct WireWriter(IBufferWriter<byte> output, ReplicaTable replicas)
{
    /// <summary>The MessagePack writer underneath. Call <see cref="Flush"/> before reading the output.</summary>
    public MessagePackWriter Raw = new(output);

    private readonly ReplicaTable _replicas = replicas;

    /// <summary>Two integers: the replica's number and the counter.</summary>
    public void WriteDot(Dot dot)
    {
        Raw.Write(_replicas.IndexOf(dot.Replica));
        Raw.Write(dot.Counter);
    }

    /// <summary>A flat array of dots, which must be in ascending order.</summary>
    public void WriteDots(scoped ReadOnlySpan<Dot> dots)
    {
        Raw.WriteArrayHeader(dots.Length * 2);
        foreach (var dot in dots)
            WriteDot(dot);
    }

    public void WriteValue(ValueBytes value) => Raw.WriteRaw(value.Span);

    public void WriteReplica(ReplicaId replica) => Raw.Write(_replicas.IndexOf(replica));

    public void Flush() => Raw.Flush();
}
