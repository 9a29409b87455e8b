namespace Edge.Sync.Log.Records;

/// <summary>Erases a document, all of which is encrypted, and destroys its keys on every replica that holds the record: so every copy becomes unreadable, wherever it is.</summary>
internal sealed record ForgetRecord(DocumentKey Document) : ErasureRecord(Document)
{
    public const int RecordKind = 9;

    public override int Kind => RecordKind;

    public override string ToString() => $"forget {Document}";
}
