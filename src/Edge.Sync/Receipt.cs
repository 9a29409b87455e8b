namespace Edge.Sync;

/// <summary>What a write returns once it is committed: it survives the end of the process from then on.</summary>
public sealed class Receipt
{
    internal Receipt(DocumentId documentId, ChangeId? changeId) => (DocumentId, ChangeId) = (documentId, changeId);

    /// <summary>The document that was written; all zeros for a change that may hold several.</summary>
    public DocumentId DocumentId { get; }

    /// <summary>The change that holds the write; null where the edit wrote nothing.</summary>
    public ChangeId? ChangeId { get; }
}
