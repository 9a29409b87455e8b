using System.Security.Cryptography;
using System.Text;

namespace Edge.Sync.Log;

/// <summary>
/// What of a section stays when its bytes are gone: its kind, and the document that it names. A section's hash covers both beside the hash of its bytes, so an
/// absent section still proves whose it is, and nobody can pass one document's off as another's.
/// </summary>
/// <remarks>
/// <code>
/// section hash = SHA-256("edge-sync/section/1" 00, kind, document id, length of the collection's name, collection, SHA-256(section))
/// document     = [ 1, salt bin 16, document id bin 16, collection str, ... ]
/// sealed       = [ 3, salt bin 16, document id bin 16, key id bin 16, collection str, ... ]
/// </code>
/// Every other section, and one that does not begin like that, names no document: 16 zero bytes and an empty name. Reading an envelope is total: it never fails.
/// </remarks>
internal readonly struct SectionEnvelope
{
    private const int IdAt = 22, DocumentNameAt = 38, SealedNameAt = 56;
    private const int HashedBytesMax = 20 + 1 + DocumentId.SizeBytes + 1 + CollectionName.LengthMax + Hash256.SizeBytes;

    private readonly ReadOnlyMemory<byte> _id, _collection;

    private SectionEnvelope(byte kind, ReadOnlyMemory<byte> id = default, ReadOnlyMemory<byte> collection = default) => (Kind, _id, _collection) = (kind, id, collection);

    /// <summary>See <see cref="SectionKind"/>.</summary>
    public byte Kind { get; }

    private ReadOnlySpan<byte> Collection => _collection.Span;

    /// <summary>Whether the section names a document. Only such a one may be absent.</summary>
    public bool NamesDocument => !_collection.IsEmpty;

    /// <summary>Whether the section names another document than one of this id, or none.</summary>
    public bool IsAnother(DocumentId id)
    {
        Span<byte> wanted = stackalloc byte[DocumentId.SizeBytes];
        id.WriteTo(wanted);
        return !NamesDocument || !_id.Span.SequenceEqual(wanted);
    }

    /// <summary>The document that the section names.</summary>
    public DocumentKey Document => new(Encoding.UTF8.GetString(Collection), DocumentId.FromBytes(_id.Span));

    /// <summary>The bytes of the shortest section with this envelope.</summary>
    public int SectionBytesMin => (Kind == SectionKind.SealedDocument ? SealedNameAt : DocumentNameAt) + (Collection.Length < 32 ? 1 : 2) + Collection.Length;

    /// <summary>The envelope of a section that is there.</summary>
    public static SectionEnvelope Of(ReadOnlyMemory<byte> bytes)
    {
        var section = bytes.Span;
        if (section.Length < 2 || section[0] is < 0x91 or > 0x9F || section[1] > 0x7F) return new(SectionKind.None);
        var kind = section[1];
        if (kind is not (SectionKind.Document or SectionKind.SealedDocument)) return new(kind);
        var nameAt = kind == SectionKind.Document ? DocumentNameAt : SealedNameAt;
        for (var at = 2; at < nameAt; at += 2 + DocumentId.SizeBytes)
            if (section.Length <= nameAt || section[at] != WireTokens.Binary8 || section[at + 1] != DocumentId.SizeBytes) return new(kind);
        var name = section[nameAt..];
        int start = 1, length = name[0] - WireTokens.FixText;
        if (name[0] == WireTokens.Text8 && name.Length > 1) (start, length) = (2, name[1]);
        if (length < (start == 1 ? 1 : 32) || (start == 1 && length > 31) || name.Length < start + length || !CollectionName.IsValid(name.Slice(start, length))) return new(kind);
        return new(kind, bytes.Slice(IdAt, DocumentId.SizeBytes), bytes.Slice(nameAt + start, length));
    }

    /// <summary>The envelope that stands in place of a section that is absent.</summary>
    /// <exception cref="EdgeDataException">No document's section has it.</exception>
    public static SectionEnvelope Read(ref WireReader reader)
    {
        var kind = (byte)reader.ReadInt32("absent.kind", SectionKind.Document, SectionKind.SealedDocument);
        if (kind == SectionKind.Record) throw reader.Malformed("absent.kind", "only a document's section may be absent");
        var id = reader.ReadSlice("absent.document");
        if (id.Length != DocumentId.SizeBytes) throw reader.Malformed("absent.document", $"a document id has {DocumentId.SizeBytes} bytes");
        var collection = reader.ReadTextSlice("absent.collection");
        if (!CollectionName.IsValid(collection.Span)) throw reader.Malformed("absent.collection", "it is no name of a collection");
        return new(kind, id, collection);
    }

    /// <summary>Writes kind, document id and collection, as <see cref="Read"/> takes them.</summary>
    public void Write(ref MessagePack.MessagePackWriter writer)
    {
        writer.Write(Kind);
        writer.Write(_id.Span);
        writer.WriteString(Collection);
    }

    /// <summary>Writes the section's hash: <see cref="Hash256.SizeBytes"/> bytes.</summary>
    /// <param name="content">SHA-256 of the section's bytes.</param>
    /// <param name="destination">Gets the hash; may be where <paramref name="content"/> is.</param>
    public void Hash(scoped ReadOnlySpan<byte> content, scoped Span<byte> destination)
    {
        Span<byte> hashed = stackalloc byte[HashedBytesMax];
        var tag = "edge-sync/section/1\0"u8;
        tag.CopyTo(hashed);
        var rest = hashed[tag.Length..];
        rest[0] = Kind;
        if (NamesDocument) _id.Span.CopyTo(rest[1..]);
        else rest.Slice(1, DocumentId.SizeBytes).Clear();
        rest = rest[(1 + DocumentId.SizeBytes)..];
        rest[0] = (byte)Collection.Length;
        Collection.CopyTo(rest[1..]);
        rest = rest[(1 + Collection.Length)..];
        content.CopyTo(rest);
        SHA256.HashData(hashed[..(hashed.Length - rest.Length + Hash256.SizeBytes)], destination);
    }
}
