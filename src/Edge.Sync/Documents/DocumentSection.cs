using System.Buffers;
using Edge.Sync.Crdts;
using Edge.Sync.Trust.Content;
using MessagePack;

namespace Edge.Sync.Documents;

/// <summary>The part of a change's body that edits one document, format version 1. See docs/formats.md.</summary>
/// <remarks>
/// <code>
/// section   = [ 1, salt, document id, collection, content ]          content in two elements, as below
/// encrypted = [ 3, salt, document id, key id, collection, content encrypted by ContentKey ]
/// content   = [ replica, ... ] [ field id, kind, offset, delta, ... ]
/// replicas    numbers from 1 on; number 0 is the change's author
/// offset      of the delta's first dot from the change's first; 0 where the delta takes none
/// </code>
/// A kind that this version does not know is passed over; the bytes stay in the log for a version that does.
/// </remarks>
internal sealed class DocumentSection
{
    /// <summary>The first element of a section that edits a document.</summary>
    public const int SectionKind = 1;

    /// <summary>The first element of one that only those with its key can read.</summary>
    public const int EncryptedSectionKind = 3;

    /// <summary>Keeps the hash of a short section from being guessed once the section itself is purged.</summary>
    public const int SaltBytes = 16;

    private DocumentSection(DocumentKey key, ContentKeyId? encryptedWith, List<(uint, Delta)>? operations) => (Key, EncryptedWith, IsReadable, Operations) = (key, encryptedWith, operations is not null, operations ?? []);

    public DocumentKey Key { get; }

    /// <summary>The key that it is encrypted with; null for a plain one.</summary>
    public ContentKeyId? EncryptedWith { get; }

    /// <summary>Whether its key is here. Else it has no operations so far.</summary>
    public bool IsReadable { get; }

    /// <summary>Field ids with their deltas, in the order in which they were made.</summary>
    public IReadOnlyList<(uint FieldId, Delta Delta)> Operations { get; }

    public static void Write(IBufferWriter<byte> output, DocumentKey key, ReadOnlySpan<byte> salt, ReplicaTable replicas, int operationCount, ReadOnlySpan<byte> operations)
    {
        var writer = new MessagePackWriter(output);
        writer.WriteArrayHeader(6);
        writer.Write(SectionKind);
        writer.Write(salt);
        writer.WriteBinHeader(DocumentId.SizeBytes);
        key.Id.WriteTo(writer.GetSpan(DocumentId.SizeBytes));
        writer.Advance(DocumentId.SizeBytes);
        writer.Write(key.Collection);
        WriteContent(ref writer, replicas, operationCount, operations);
        writer.Flush();
    }

    /// <summary>The same, to be read only by those who have <paramref name="key"/>.</summary>
    /// <param name="key">The document's key.</param>
    /// <param name="first">The first dot of the change.</param>
    /// <param name="random">16 random bytes; the salt follows from them and from what is written.</param>
    /// <param name="replicas">The replicas that the operations name by number.</param>
    /// <param name="operationCount">How many operations there are.</param>
    /// <param name="operations">The operations.</param>
    public static byte[] WriteEncrypted(ContentKey key, Dot first, ReadOnlySpan<byte> random, ReplicaTable replicas, int operationCount, ReadOnlySpan<byte> operations)
    {
        var content = new ArrayBufferWriter<byte>(32 + operations.Length);
        var writer = new MessagePackWriter(content);
        WriteContent(ref writer, replicas, operationCount, operations);
        writer.Flush();
        var salt = new byte[SaltBytes];
        var ciphertext = key.Encrypt(first, random, content.WrittenSpan, salt);
        var output = new ArrayBufferWriter<byte>(128 + ciphertext.Length);
        writer = new MessagePackWriter(output);
        writer.WriteArrayHeader(6);
        writer.Write(EncryptedSectionKind);
        writer.Write(salt);
        writer.Write(key.Document.Id.ToByteArray());
        writer.Write(key.Id.ToByteArray());
        writer.Write(key.Document.Collection);
        writer.Write(ciphertext);
        writer.Flush();
        return output.WrittenSpan.ToArray();
    }

    /// <summary>Reads a section; null for one of a kind that does not edit a document.</summary>
    /// <param name="bytes">The section.</param>
    /// <param name="first">The first dot of the change.</param>
    /// <param name="count">How many dots the change has.</param>
    /// <param name="keys">The keys that are here.</param>
    /// <exception cref="EdgeDataException">The section is malformed, or not what its key encrypted: it is void, and the rest of its change stands.</exception>
    public static DocumentSection? Read(ReadOnlyMemory<byte> bytes, Dot first, int count, IContentKeys keys)
    {
        var head = new WireReader(bytes, default);
        head.ReadArrayHeader("section", 1, exactly: false);
        var kind = head.ReadInt32("section.kind");
        if (kind is not (SectionKind or EncryptedSectionKind)) return null;
        head = new WireReader(bytes, default);
        head.ReadArrayHeader("section", 6, exactly: true);
        head.ReadInt32("section.kind");
        var salt = head.ReadSlice("section.salt");
        if (salt.Length != SaltBytes) throw head.Malformed("section.salt", $"a salt has {SaltBytes} bytes");
        var id = head.ReadSlice("section.document");
        if (id.Length != DocumentId.SizeBytes) throw head.Malformed("section.document", $"a document id has {DocumentId.SizeBytes} bytes");
        if (kind == EncryptedSectionKind) return ReadEncrypted(head, salt, id, first, count, keys);
        var document = ReadKey(ref head, id);
        return new(document, null, ReadContent(head, first, count));
    }

    /// <summary>The key that a section is encrypted with; null for one that is not, or is malformed.</summary>
    public static ContentKeyId? ReadKeyId(ReadOnlyMemory<byte> section)
    {
        try
        {
            var head = new WireReader(section, default);
            if (head.ReadArrayHeader("section") != 6 || head.ReadInt32("section.kind") != EncryptedSectionKind) return null;
            head.ReadSlice("section.salt");
            head.ReadSlice("section.document");
            var id = head.ReadSlice("section.key");
            return id.Length == ContentKeyId.SizeBytes ? ContentKeyId.FromBytes(id.Span) : null;
        }
        catch (EdgeDataException) { return null; }
    }

    private static DocumentSection ReadEncrypted(WireReader head, ReadOnlyMemory<byte> salt, ReadOnlyMemory<byte> id, Dot first, int count, IContentKeys keys)
    {
        var keyId = head.ReadSlice("section.key");
        if (keyId.Length != ContentKeyId.SizeBytes) throw head.Malformed("section.key", $"a key id has {ContentKeyId.SizeBytes} bytes");
        var (document, encryptedWith) = (ReadKey(ref head, id), ContentKeyId.FromBytes(keyId.Span));
        var ciphertext = head.ReadSlice("section.content");
        head.ReadEnd("section");
        if (ciphertext.Length < ContentKey.TagBytes) throw head.Malformed("section.content", "it is shorter than its tag");
        if (keys.Find(encryptedWith) is not { } key) return new(document, encryptedWith, null);
        if (key.Document != document) throw head.Malformed("section.key", $"key {encryptedWith} is one of another document");
        var content = key.Decrypt(salt.Span, ciphertext.Span) ?? throw head.Malformed("section.content", $"it is not what key {encryptedWith} has encrypted");
        return new(document, encryptedWith, ReadContent(new(content, default), first, count));
    }

    private static DocumentKey ReadKey(ref WireReader reader, ReadOnlyMemory<byte> id)
    {
        var collection = reader.ReadString("section.collection");
        if (!CollectionName.IsValid(collection)) throw reader.Malformed("section.collection", "it is no name of a collection");
        return new(collection, DocumentId.FromBytes(id.Span));
    }

    private static List<(uint, Delta)> ReadContent(WireReader head, Dot first, int count)
    {
        var replicas = new ReplicaId[head.ReadArrayHeader("section.replicas", 1 + ReplicaId.SizeBytes) + 1];
        replicas[0] = first.Replica;
        for (var i = 1; i < replicas.Length; i++)
            replicas[i] = head.ReadReplicaId("section.replicas");

        var reader = head.With(replicas);
        var operations = ReadOperations(ref reader, first, count);
        reader.ReadEnd("section");
        return operations;
    }

    private static void WriteContent(ref MessagePackWriter writer, ReplicaTable replicas, int operationCount, ReadOnlySpan<byte> operations)
    {
        writer.WriteArrayHeader(replicas.Replicas.Count - 1);
        for (var i = 1; i < replicas.Replicas.Count; i++)
            IdBytes.Write(ref writer, replicas.Replicas[i]);
        writer.WriteArrayHeader(operationCount * 4);
        writer.WriteRaw(operations);
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
