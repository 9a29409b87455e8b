using Edge.Sync.Trust.Content;

namespace Edge.Sync.Storage;

/// <summary>What a store holds about the keys of documents: never a key itself.</summary>
internal interface IKeyIndex
{
    /// <summary>Which keys the stored documents were folded with; null while none were needed.</summary>
    KeyMark? KeyMark { get; }

    /// <summary>Notes which keys this transaction is folded with.</summary>
    void WriteKeyMark(KeyMark mark);

    /// <summary>Notes that a document has a section which waits for a key. It is a hole as well, and goes with the document's holes.</summary>
    void AddWaiting(ContentKeyId key, DocumentKey document);

    /// <summary>The documents that wait for a key.</summary>
    IReadOnlyList<DocumentKey> FindWaiting(ContentKeyId key);

    /// <summary>Whether a document has a section which waits for a key.</summary>
    bool IsWaiting(DocumentKey document);

    /// <summary>Keys that sections wait for, ascending, after one.</summary>
    IReadOnlyList<ContentKeyId> ReadWaiting(ContentKeyId after, int countMax);

    /// <summary>The documents that are erased for good.</summary>
    IReadOnlyCollection<DocumentKey> ReadPurged();
}
