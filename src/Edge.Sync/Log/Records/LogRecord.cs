using System.Buffers;
using MessagePack;

namespace Edge.Sync.Log.Records;

/// <summary>A section that says something about changes or documents, and that every replica acts on: <c>[ 2, salt bin 16, record kind, ... ]</c>.</summary>
/// <remarks>
/// Records are never absent and never encrypted. One of a kind that a version does not know is kept and passed on for those that do; a malformed one is
/// void. A change has at most <see cref="LogLimits.RecordsMax"/>; those after them are void.
/// </remarks>
internal abstract record LogRecord
{
    private const int EnvelopeFields = 3;

    /// <summary>A point is three elements: replica, counter, id.</summary>
    private protected const int PointFields = 3;

    /// <summary>The number of the kind, which stands behind the salt.</summary>
    public abstract int Kind { get; }

    /// <summary>Whether nothing obeys it so far: it is kept and passed on, and nothing may be folded beyond it.</summary>
    public virtual bool IsPending => false;

    /// <summary>How many elements follow the kind.</summary>
    protected abstract int FieldCount { get; }

    /// <summary>Reads a section; null for one that is no record.</summary>
    /// <exception cref="EdgeDataException">The record is malformed: it is void, and the rest of its change stands.</exception>
    public static LogRecord? Read(ReadOnlyMemory<byte> section)
    {
        var reader = new WireReader(section, default);
        var count = reader.ReadArrayHeader("section");
        if (count == 0 || reader.ReadInt32("section.kind") != SectionKind.Record) return null;
        if (count < EnvelopeFields) throw reader.Malformed("record", $"{EnvelopeFields} elements were expected, {count} are there");
        if (reader.ReadSlice("record.salt").Length != LogLimits.SaltBytes) throw reader.Malformed("record.salt", $"a salt has {LogLimits.SaltBytes} bytes");
        var kind = reader.ReadInt32("record.kind");
        count -= EnvelopeFields;
        LogRecord record = kind switch
        {
            ReissueRecord.RecordKind => ReissueRecord.Read(ref reader, count),
            OutRecord.RecordKind => OutRecord.Read(ref reader, count),
            FoldRecord.RecordKind => FoldRecord.Read(ref reader, count),
            AttestRecord.RecordKind => AttestRecord.Read(ref reader, count),
            MemberRecord.RecordKind => MemberRecord.Read(ref reader, count),
            AcceptRecord.RecordKind => AcceptRecord.Read(ref reader, count),
            RejectRecord.RecordKind => RejectRecord.Read(ref reader, count),
            ClockCapRecord.RecordKind => ClockCapRecord.Read(ref reader, count),
            PurgeRecord.RecordKind => new PurgeRecord(ReadDocument(ref reader, count)),
            ForgetRecord.RecordKind => new ForgetRecord(ReadDocument(ref reader, count)),
            _ => ReadUnknown(ref reader, kind, count),
        };
        reader.ReadEnd("record");
        return record;
    }

    /// <summary>The section.</summary>
    public byte[] Write(ReadOnlySpan<byte> salt)
    {
        var output = new ArrayBufferWriter<byte>(128);
        var writer = new MessagePackWriter(output);
        writer.WriteArrayHeader(EnvelopeFields + FieldCount);
        writer.Write(SectionKind.Record);
        writer.Write(salt);
        writer.Write(Kind);
        WriteFields(ref writer);
        writer.Flush();
        return output.WrittenSpan.ToArray();
    }

    protected abstract void WriteFields(ref MessagePackWriter writer);

    private protected static void WriteDocument(ref MessagePackWriter writer, DocumentKey document)
    {
        writer.Write(document.Id.ToByteArray());
        writer.Write(document.Collection);
    }

    private protected static void WritePoint(ref MessagePackWriter writer, in FeedEnd point)
    {
        IdBytes.Write(ref writer, point.Last.Replica);
        writer.Write(point.Last.Counter);
        writer.Write(point.Id.ToByteArray());
    }

    private protected static FeedEnd ReadPoint(ref WireReader reader) =>
        new(new(reader.ReadReplicaId("record.feed"), reader.ReadCounter("record.counter")), ReadChangeId(ref reader));

    private protected static ChangeId ReadChangeId(ref WireReader reader) => new(ReadHash(ref reader, "record.id"));

    private protected static Hash256 ReadHash(ref WireReader reader, string field)
    {
        var hash = reader.ReadSlice(field);
        return hash.Length == Hash256.SizeBytes ? Hash256.FromBytes(hash.Span) : throw reader.Malformed(field, $"a hash has {Hash256.SizeBytes} bytes");
    }

    private static DocumentKey ReadDocument(ref WireReader reader, int count)
    {
        if (count != 2) throw reader.Malformed("record", $"a document's id and collection were expected, {count} elements are there");
        var id = reader.ReadSlice("record.document");
        if (id.Length != DocumentId.SizeBytes) throw reader.Malformed("record.document", $"a document id has {DocumentId.SizeBytes} bytes");
        var collection = reader.ReadString("record.collection");
        if (!CollectionName.IsValid(collection)) throw reader.Malformed("record.collection", "it is no name of a collection");
        return new(collection, DocumentId.FromBytes(id.Span));
    }

    private static UnknownRecord ReadUnknown(ref WireReader reader, int kind, int count)
    {
        for (var i = 0; i < count; i++)
            reader.Skip("record.field");
        return new(kind);
    }
}
