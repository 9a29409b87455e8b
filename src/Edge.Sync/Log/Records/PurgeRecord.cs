namespace Edge.Sync.Log.Records;

/// <summary>Erases a document for good, on every replica that holds the record: every section that names it, written before, after or beside the record, has no effect and is kept as its absent form only.</summary>
internal sealed record PurgeRecord(DocumentKey Document) : ErasureRecord(Document)
{
    public const int RecordKind = 7;

    public override int Kind => RecordKind;

    public override string ToString() => $"purge {Document}";
}
