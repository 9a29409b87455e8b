using System.Buffers;
using Edge.Sync.Crdts;
using MessagePack;

namespace Edge.Sync.Documents;

/// <summary>The part of a change's body that edits one document, format version 0. See docs/formats.md.</summary>
/// <remarks>
/// <code>
/// section   = [ 1, salt, document id, collection, [ replica, ... ], [ field id, kind, offset, delta, ... ] ]
/// replicas    numbers from 1 on; number 0 is the change's author
/// offset      of the delta's first dot from the change's first; 0 where the delta takes none
/// </code>
/// A kind that this version does not know is passed over; the bytes stay in the log for a version that does.
/// </remarks>
internal sealed class DocumentSection
{
    /// <summary>The first element of a section that edits a document.</summary>
    public const int SectionKind = 1;

    /// <summary>Keeps the hash of a short section from being guessed once the section itself is purged.</summary>
    public const int SaltBytes = 16;

    private DocumentSection(DocumentKey key, List<(uint, Delta)> operations) => (Key, Operations) = (key, operations);

    public DocumentKey Key { get; }

    /// <summary>Field ids with their deltas, in the order in which they were made.</summary>
    public IReadOnlyList<(uint FieldId, Delta Delta)> Operations { get; }

    public static byte[] Write(DocumentKey key, ReadOnlySpan<byte> salt, ReplicaTable replicas, int operationCount, ReadOnlySpan<byte> operations)
    {
        var output = new ArrayBufferWriter<byte>(64 + operations.Length);
        var writer = new MessagePackWriter(output);
        writer.WriteArrayHeader(6);
        writer.Write(SectionKind);
        writer.Write(salt);
        writer.WriteBinHeader(DocumentId.SizeBytes);
        key.Id.WriteTo(writer.GetSpan(DocumentId.SizeBytes));
        writer.Advance(DocumentId.SizeBytes);
        writer.Write(key.Collection);
        writer.WriteArrayHeader(replicas.Replicas.Count - 1);
        for (var i = 1; i < replicas.Replicas.Count; i++)
            IdBytes.Write(ref writer, replicas.Replicas[i]);
        writer.WriteArrayHeader(operationCount * 4);
        writer.WriteRaw(operations);
        writer.Flush();
        return output.WrittenSpan.ToArray();
    }

    /// <summary>Reads a section; null for one of a kind that does not edit a document.</summary>
    /// <param name="bytes">The section.</param>
    /// <param name="first">The first dot of the change.</param>
    /// <param name="count">How many dots the change has.</param>
    /// <exception cref="EdgeDataException">The section is malformed: it is void, and the rest of its change stands.</exception>
    public static DocumentSection? Read(ReadOnlyMemory<byte> bytes, Dot first, int count)
    {
        var head = new WireReader(bytes, default);
        head.ReadArrayHeader("section", 1, exactly: false);
        if (head.ReadInt32("section.kind") != SectionKind) return null;
        head = new WireReader(bytes, default);
        head.ReadArrayHeader("section", 6, exactly: true);
        head.ReadInt32("section.kind");
        if (head.ReadBytes("section.salt").Length != SaltBytes) throw head.Malformed("section.salt", $"a salt has {SaltBytes} bytes");
        var id = head.ReadBytes("section.document");
        if (id.Length != DocumentId.SizeBytes) throw head.Malformed("section.document", $"a document id has {DocumentId.SizeBytes} bytes");
        var collection = head.ReadString("section.collection");
        if (!CollectionName.IsValid(collection)) throw head.Malformed("section.collection", "it is no name of a collection");
        var replicas = new ReplicaId[head.ReadArrayHeader("section.replicas", 1 + ReplicaId.SizeBytes) + 1];
        replicas[0] = first.Replica;
        for (var i = 1; i < replicas.Length; i++)
            replicas[i] = head.ReadReplicaId("section.replicas");

        var reader = head.With(replicas);
        var operations = ReadOperations(ref reader, first, count);
        reader.ReadEnd("section");
        return new(new(collection, DocumentId.FromBytes(id)), operations);
    }

    private static List<(uint, Delta)> ReadOperations(ref WireReader reader, Dot first, int count)
    {
        var length = reader.ReadArrayHeader("section.operations");
        if (length % 4 != 0) throw reader.Malformed("section.operations", "an operation is cut short");
        var operations = new List<(uint, Delta)>(length / 4);
        var next = 0;
        for (var i = 0; i < length; i += 4)
        {
            var field = reader.ReadUInt64("operation.field");
            if (field > uint.MaxValue) throw reader.Malformed("operation.field", "a field id has 32 bits");
            var kind = (CrdtKind)reader.ReadInt32("operation.kind", 0, byte.MaxValue);
            var offset = reader.ReadInt32("operation.offset", 0, count);
            if (!CrdtState.IsKnown(kind))
            {
                reader.Skip("operation.delta");
                continue;
            }
            var delta = Delta.Read(kind, first.Plus((ulong)offset), ref reader);
            if (delta.DotCount > 0)
            {
                if (offset < next || offset > count - delta.DotCount) throw reader.Malformed("operation.offset", "its dots overlap others or lie outside of the change");
                next = offset + delta.DotCount;
            }
            operations.Add(((uint)field, delta));
        }
        return operations;
    }
}
