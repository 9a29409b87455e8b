using System.Buffers;
using Edge.Sync.Crdts;

namespace Edge.Sync.Tests.Crdts.Laws;

/// <summary>Encodes and decodes as documents and sections do: a table of replicas, then the value.</summary>
internal static class Bytes
{
    public static byte[] Of(CrdtState state, out ReplicaId[] replicas)
    {
        var table = new ReplicaTable();
        state.CollectReplicas(table);
        table.Sort();
        replicas = [.. table.Replicas];
        var output = new ArrayBufferWriter<byte>();
        var writer = new WireWriter(output, table);
        state.Write(ref writer);
        writer.Flush();
        Assert.Equal(replicas.Length, table.Replicas.Count);
        return output.WrittenSpan.ToArray();
    }

    /// <summary>The canonical form as text, so that a failed comparison shows it.</summary>
    public static string Canonical(CrdtState state)
    {
        var bytes = Of(state, out var replicas);
        return string.Concat(replicas.Select(r => Convert.ToHexString(r.ToByteArray()))) + ":" + Convert.ToHexString(bytes);
    }

    public static CrdtState Copy(CrdtState state)
    {
        var bytes = Of(state, out var replicas);
        return Read(state.Kind, bytes, replicas);
    }

    public static CrdtState Read(CrdtKind kind, byte[] bytes, ReplicaId[] replicas)
    {
        var reader = new WireReader(bytes, replicas);
        var state = CrdtState.Read(kind, ref reader);
        reader.ReadEnd("state");
        return state;
    }

    public static byte[] Of(Delta delta, out ReplicaId[] replicas)
    {
        var table = new ReplicaTable();
        table.IndexOf(delta.First.Replica);
        var output = new ArrayBufferWriter<byte>();
        var writer = new WireWriter(output, table);
        delta.Write(ref writer);
        writer.Flush();
        replicas = [.. table.Replicas];
        return output.WrittenSpan.ToArray();
    }

    public static Delta Copy(Delta delta)
    {
        var bytes = Of(delta, out var replicas);
        return Read(delta.Kind, delta.First, bytes, replicas);
    }

    public static Delta Read(CrdtKind kind, Dot first, byte[] bytes, ReplicaId[] replicas)
    {
        var reader = new WireReader(bytes, replicas);
        var delta = Delta.Read(kind, first, ref reader);
        reader.ReadEnd("delta");
        return delta;
    }

    public static StateFragment Copy(StateFragment fragment, VersionVector version)
    {
        var table = new ReplicaTable();
        fragment.CollectReplicas(table);
        table.Sort();
        var output = new ArrayBufferWriter<byte>();
        var writer = new WireWriter(output, table);
        fragment.Write(ref writer);
        writer.Flush();
        var reader = new WireReader(output.WrittenMemory, [.. table.Replicas]);
        var copy = StateFragment.Read(fragment.State.Kind, version, ref reader);
        reader.ReadEnd("fragment");
        return copy;
    }
}
