using System.Buffers.Binary;
using Edge.Sync.Crdts;
using Edge.Sync.Documents;
using Edge.Sync.Log;
using Edge.Sync.Projections;
using Edge.Sync.Storage;
using Edge.Sync.Trust.Content;

namespace Edge.Sync.Verification;

/// <summary>One part of all documents, by a hash of their ids.</summary>
internal sealed class FoldedPart(int part, int parts) : IFoldTarget
{
    public DocumentId? Only => null;

    public Dictionary<DocumentKey, FoldedDocument> Documents { get; } = [];

    public long Sequence { get; set; }

    public DocumentState? Open(DocumentKey key, int sectionBytes)
    {
        if (Note(key) is not { } document) return null;
        document.HasContent = true;
        return document.IsWhole ? document.State : null;
    }

    public void OnEvent(DocumentKey key, EventLogDelta item, Change change) { }

    public void OnAbsent(DocumentKey key, int section, ContentKeyId? missing)
    {
        if (Note(key) is not { } document) return;
        document.Holes.Add(new(Sequence, section));
        if (missing is null) return;
        document.WaitingCount++;
        document.HasContent = true;
    }

    private FoldedDocument? Note(DocumentKey key)
    {
        if (parts > 1 && BinaryPrimitives.ReadUInt32BigEndian(key.Id.ToByteArray()) % parts != part) return null;
        if (!Documents.TryGetValue(key, out var document)) Documents.Add(key, document = new(new(key.Id, key.Collection)));
        if (document.Sequences.Count == 0 || document.Sequences[^1] != Sequence) document.Sequences.Add(Sequence);
        return document;
    }
}
