using MessagePack;

namespace Edge.Sync.Log.Records;

/// <summary>Says that the key of a document is to be destroyed, on every replica that holds the record.</summary>
internal sealed record ForgetRecord(DocumentKey Document) : LogRecord
{
    public const int RecordKind = 9;

    public override int Kind => RecordKind;

    protected override int FieldCount => 2;

    public override string ToString() => $"forget {Document}";

    protected override void WriteFields(ref MessagePackWriter writer) => WriteDocument(ref writer, Document);
}
