using System.Buffers;
using Edge.Sync.Crdts;
using MessagePack;

namespace Edge.Sync.Documents;

/// <summary>The stored form of a document's state: canonical, so that equal states have equal bytes on every replica.</summary>
/// <remarks>
/// <code>
/// state  = [ version, [ replica, ... ascending ], existence, [ field id, kind, state, ... ascending ] (, ghosts) ]
/// ghosts = [ replica, counter, [ dots replaced ], ... ascending ]      only where there are any: of void changes, what they had replaced
/// </code>
/// </remarks>
internal static class DocumentCodec
{
    private const int FormatVersion = 1;
    private const int FieldCount = 4;

    public static byte[] Write(DocumentState document)
    {
        using var scratch = ScratchBuffer.Rent();
        Write(document, scratch.Output);
        return scratch.Output.WrittenSpan.ToArray();
    }

    public static void Write(DocumentState document, IBufferWriter<byte> output)
    {
        var replicas = new ReplicaTable();
        document.Existence.CollectReplicas(replicas);
        foreach (var (_, state) in document.Fields)
            state.CollectReplicas(replicas);
        foreach (var (dot, replaced) in document.Ghosts?.All ?? [])
            foreach (var named in (ReadOnlySpan<Dot>)[dot, .. replaced]) replicas.IndexOf(named.Replica);
        replicas.Sort();

        var writer = new WireWriter(output, replicas);
        writer.Raw.WriteArrayHeader(document.Ghosts is null ? FieldCount : FieldCount + 1);
        writer.Raw.Write(FormatVersion);
        writer.Raw.WriteArrayHeader(replicas.Replicas.Count);
        foreach (var replica in replicas.Replicas)
            IdBytes.Write(ref writer.Raw, replica);
        document.Existence.Write(ref writer);
        writer.Raw.WriteArrayHeader(document.Fields.Length * 3);
        foreach (var ((id, kind), state) in document.Fields)
        {
            writer.Raw.Write(id);
            writer.Raw.Write((byte)kind);
            state.Write(ref writer);
        }
        if (document.Ghosts is not null) WriteGhosts(ref writer, document.Ghosts);
        writer.Flush();
    }

    /// <exception cref="EdgeDataException">The bytes are no document's state.</exception>
    public static DocumentState Read(DocumentKey key, ReadOnlyMemory<byte> bytes)
    {
        var head = new WireReader(bytes, default);
        var count = head.ReadArrayHeader("document");
        if (count is not (FieldCount or FieldCount + 1)) throw head.Malformed("document", $"{FieldCount} elements were expected, or {FieldCount + 1}; {count} are there");
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
        if (count > FieldCount) document.Ghosts = ReadGhosts(ref reader);
        reader.ReadEnd("document");
        return document;
    }

    private static void WriteGhosts(ref WireWriter writer, Ghosts ghosts)
    {
        writer.Raw.WriteArrayHeader(ghosts.Count * 3);
        foreach (var (dot, replaced) in ghosts.All)
        {
            writer.WriteDot(dot);
            writer.WriteDots(replaced);
        }
    }

    private static Ghosts ReadGhosts(ref WireReader reader)
    {
        var length = reader.ReadArrayHeader("document.ghosts");
        if (length == 0 || length % 3 != 0) throw reader.Malformed("document.ghosts", "a ghost is cut short, or there is none");
        var ghosts = new Ghosts();
        for (var (i, last) = (0, default(Dot)); i < length; i += 3)
        {
            var dot = reader.ReadDot("document.ghosts.dot");
            if (i > 0 && last.CompareTo(dot) >= 0) throw reader.Malformed("document.ghosts.dot", "they are not in ascending order");
            var replaced = reader.ReadDots("document.ghosts.replaced");
            if (replaced.Length == 0) throw reader.Malformed("document.ghosts.replaced", "it had replaced nothing");
            ghosts.Add(last = dot, replaced);
        }
        return ghosts;
    }
}
