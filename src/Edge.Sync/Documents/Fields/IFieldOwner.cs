using Edge.Sync.Crdts;

namespace Edge.Sync.Documents;

/// <summary>What CRDTs lie in: a document or an object, by slot; the entry of a map.</summary>
internal interface IFieldOwner
{
    /// <summary>The replica that reads and writes here; all zeros where it is not known.</summary>
    ReplicaId Self { get; }

    /// <summary>The state of a field; null where nothing of that kind was ever written. It may be another object after each write.</summary>
    CrdtState? Find(int slot, CrdtKind kind);

    /// <exception cref="InvalidOperationException">The document is a snapshot, or its edit callback has ended.</exception>
    IDeltaSink Writable(int slot);

    /// <summary>Joins a delta that a mutator has just made, by the same code as one from a peer, and records it.</summary>
    void Commit(IDeltaSink sink, int slot, Delta delta);

    /// <summary>The field's column, where the document was read from its read model alone.</summary>
    bool TryFindCell(int slot, out ColumnCell cell)
    {
        cell = default;
        return false;
    }

    /// <summary>Whether the document is live: its setters queue edits.</summary>
    bool IsLive { get; }

    /// <summary>Where those edits go; null where the document is not live.</summary>
    ILiveEdits? Edits { get; }

    /// <summary>What a setter of a live document has given a field, until the stored document has it; else null.</summary>
    object? FindShown(int slot);

    /// <summary>Queues an edit of a live document's field.</summary>
    /// <param name="slot">The field.</param>
    /// <param name="edit">Gets the field in the draft.</param>
    /// <param name="shown">What the field shows until the stored document has it; null for that as it is.</param>
    /// <returns>The edit's number.</returns>
    long Queue(int slot, Action<Field> edit, object? shown);

    /// <summary>Tells an object's store in a live document what happens to the document.</summary>
    void Adopt(FieldStore nested);
}
