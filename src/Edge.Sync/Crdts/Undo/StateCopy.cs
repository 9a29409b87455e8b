using System.Buffers;

namespace Edge.Sync.Crdts.Undo;

/// <summary>A map as bytes of its own: <c>[ [ replica, ... ], state ]</c>. What was removed is kept so, since the state that it was in goes on changing.</summary>
internal static class StateCopy
{
    public static byte[] Write(MapState map)
    {
        var replicas = new ReplicaTable();
        map.CollectReplicas(replicas);
        replicas.Sort();
        var output = new ArrayBufferWriter<byte>(256);
        var writer = new WireWriter(output, replicas);
        writer.Raw.WriteArrayHeader(2);
        writer.Raw.WriteArrayHeader(replicas.Replicas.Count);
        foreach (var replica in replicas.Replicas)
            writer.Raw.Write(replica.ToByteArray());
        map.Write(ref writer);
        writer.Flush();
        return output.WrittenSpan.ToArray();
    }

    /// <exception cref="EdgeDataException">The bytes are no map.</exception>
    public static MapState Read(byte[] bytes)
    {
        var head = new WireReader(bytes, default);
        head.ReadArrayHeader("copy", 2, exactly: true);
        var replicas = new ReplicaId[head.ReadArrayHeader("copy.replicas", 1 + ReplicaId.SizeBytes)];
        for (var i = 0; i < replicas.Length; i++)
            replicas[i] = head.ReadReplicaId("copy.replicas");
        var reader = new WireReader(bytes.AsMemory((int)head.Offset), replicas);
        var map = (MapState)CrdtState.Read(CrdtKind.Map, ref reader);
        reader.ReadEnd("copy");
        return map;
    }
}
