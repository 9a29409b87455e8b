using MessagePack;

namespace Edge.Sync.Log.Records;

/// <summary>Erases a document for good, on every replica that holds the record: every section that names it, written before, after or beside the record, has no effect and is kept as its absent form only.</summary>
internal sealed record PurgeRecord(DocumentKey Document) : LogRecord
{
    public const int RecordKind = 7;

    public override int Kind => RecordKind;

    protected override int FieldCount => 2;

    public override string ToString() => $"purge {Document}";

    protected override void WriteFields(ref MessagePackWriter writer) => WriteDocument(ref writer, Document);
}
