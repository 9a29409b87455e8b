using System.Buffers;
using Edge.Sync.Crdts;
using MessagePack;

namespace Edge.Sync.Documents;

/// <summary>The stored form of a document's state: canonical, so that equal states have equal bytes on every replica.</summary>
/// <remarks><code>state = [ version, [ replica, ... ascending ], existence, [ field id, kind, state, ... ascending ] ]</code></remarks>
internal static class DocumentCodec
{
    private const int FormatVersion = 0;

    public static byte[] Write(DocumentState document)
    {
        var replicas = new ReplicaTable();
        document.Existence.CollectReplicas(replicas);
        foreach (var state in document.Fields.Values)
            state.CollectReplicas(replicas);
        replicas.Sort();

        var output = new ArrayBufferWriter<byte>(256);
        var writer = new WireWriter(output, replicas);
        writer.Raw.WriteArrayHeader(4);
        writer.Raw.Write(FormatVersion);
        writer.Raw.WriteArrayHeader(replicas.Replicas.Count);
        foreach (var replica in replicas.Replicas)
            writer.Raw.Write(replica.ToByteArray());
        document.Existence.Write(ref writer);
        writer.Raw.WriteArrayHeader(document.Fields.Count * 3);
        foreach (var ((id, kind), state) in document.Fields)
        {
            writer.Raw.Write(id);
            writer.Raw.Write((byte)kind);
            state.Write(ref writer);
        }
        writer.Flush();
        return output.WrittenSpan.ToArray();
    }

    /// <exception cref="EdgeDataException">The bytes are no document's state.</exception>
    public static DocumentState Read(DocumentKey key, ReadOnlyMemory<byte> bytes)
    {
        var head = new WireReader(bytes, default);
        head.ReadArrayHeader("document", 4, exactly: true);
        var version = head.ReadInt32("document.version");
        if (version != FormatVersion) throw head.Malformed("document.version", $"version {version} is not known");
        var replicas = new ReplicaId[head.ReadArrayHeader("document.replicas", 1 + ReplicaId.SizeBytes)];
        for (var i = 0; i < replicas.Length; i++)
        {
            replicas[i] = head.ReadReplicaId("document.replicas");
            if (i > 0 && replicas[i - 1] >= replicas[i]) throw head.Malformed("document.replicas", "they are not in ascending order");
        }

        var reader = head.WithAll(replicas);
        var document = new DocumentState(key.Id, key.Collection) { Existence = ExistenceState.Read(ref reader) };
        var length = reader.ReadArrayHeader("document.fields");
        if (length % 3 != 0) throw reader.Malformed("document.fields", "a field is cut short");
        for (var (i, last) = (0, default((uint, CrdtKind))); i < length; i += 3)
        {
            var id = reader.ReadUInt64("document.field.id");
            if (id > uint.MaxValue) throw reader.Malformed("document.field.id", "a field id has 32 bits");
            var kind = (CrdtKind)reader.ReadInt32("document.field.kind", 1, byte.MaxValue);
            if (i > 0 && last.CompareTo(((uint)id, kind)) >= 0) throw reader.Malformed("document.field.id", "its fields are not in ascending order");
            last = ((uint)id, kind);
            document.Adopt((uint)id, kind, CrdtState.Read(kind, ref reader));
        }
        reader.ReadEnd("document");
        return document;
    }
}
