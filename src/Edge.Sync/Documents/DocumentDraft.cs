using System.Buffers;
using Edge.Sync.Crdts;
using Edge.Sync.Documents.Undo;
using Edge.Sync.Trust.Content;
using MessagePack;

namespace Edge.Sync.Documents;

/// <summary>Collects the deltas of one document while an edit callback runs, and encodes them as one section of the change's body.</summary>
/// <param name="dots">The dots of the change.</param>
internal sealed class DocumentDraft(ChangeDots dots) : IDeltaSink
{
    private const int KeptBytesMax = 64 << 10;

    private readonly ReplicaTable _replicas = new();
    private ArrayBufferWriter<byte> _operations = new(64);
    private DocumentState _state = null!;
    private DocumentInverse? _inverse;
    private Dot _first;
    private int _count;
    private bool _endsWithExistence;
    private bool _abandoned;

    /// <summary>Begins with a document.</summary>
    /// <param name="state">The document, which the deltas are joined into.</param>
    /// <param name="isWhole">Whether all of it is here; else it can only be deleted.</param>
    /// <param name="inverse">Takes note of what would take the edits back; null where nobody asks.</param>
    public DocumentDraft Start(DocumentState state, bool isWhole, DocumentInverse? inverse)
    {
        (_state, IsWhole, _inverse) = (state, isWhole, inverse);
        _first = new(dots.Replica, dots.Next.Counter - (ulong)dots.Count);
        _replicas.IndexOf(dots.Replica);
        return this;
    }

    /// <summary>Lets go of the document, to begin with another one.</summary>
    public void Clear()
    {
        (_state, _inverse, Store, Local) = (null!, null, null, null);
        (_count, _endsWithExistence, _abandoned, IsForgettable) = (0, false, false, false);
        _replicas.Clear();
        // Cleared, not only set back: some of it is to be encrypted, or purged.
        if (_operations.Capacity > KeptBytesMax) _operations = new(64);
        else _operations.Clear();
    }

    public DocumentState State => _state;

    /// <summary>Whether all of the document is here; else it can only be deleted.</summary>
    public bool IsWhole { get; private set; }

    /// <summary>The document as its class sees it, once it was opened as one.</summary>
    public FieldStore? Store { get; set; }

    /// <summary>The fields of the document that stay on this device; null while nobody has asked for them.</summary>
    public LocalDraft? Local { get; set; }

    /// <summary>Whether its class says that it is to be encrypted.</summary>
    public bool IsForgettable { get; set; }

    public Dot Next => dots.Next;

    public HybridTimestamp Stamp => dots.Stamp;

    /// <summary>Whether the section would change anything: an edit that wrote nothing still makes a document that is not there yet.</summary>
    public bool HasChanges => _count > 0 || (!_abandoned && !_state.Existence.Exists);

    /// <summary>Whether the document is there once the change is written.</summary>
    public bool WillExist => _endsWithExistence || !HasChanges ? _state.Existence.Exists : true;

    public void Capture(uint fieldId, CrdtState before, Delta delta) => _inverse?.Capture(fieldId, before, delta);

    /// <summary>Joins a delta that was made from the state as it is, and records it.</summary>
    public void Commit(uint fieldId, Delta delta)
    {
        var field = _state.GetOrAdd(fieldId, delta.Kind);
        Capture(fieldId, field, delta);
        field.Join(delta, dots.Stamp);
        Record(fieldId, delta);
    }

    public void Record(uint fieldId, Delta delta)
    {
        var writer = new WireWriter(_operations, _replicas);
        writer.Raw.Write(fieldId);
        writer.Raw.Write((byte)delta.Kind);
        writer.Raw.Write(delta.DotCount == 0 ? 0 : dots.OffsetOf(delta.First));
        delta.Write(ref writer);
        writer.Flush();
        dots.Take(delta.DotCount);
        _endsWithExistence = delta.Kind == CrdtKind.Existence;
        _count++;
    }

    /// <summary>Takes back the document's existence, and nothing else. Writes nothing where the document is not there and this change has not made it.</summary>
    /// <param name="wins">Whether it wins over edits by those who do not know it.</param>
    public void Delete(bool wins = false)
    {
        if (_count == 0 && !_state.Existence.Exists) Abandon();
        else Commit(_state.Existence.Delete(dots.Next, wins));
    }

    /// <summary>Deletes a document, whether or not it is there: what others say of its existence is answered.</summary>
    public void DeleteAgain(bool wins) => Commit(_state.Existence.Delete(dots.Next, wins));

    /// <summary>Brings back a document that was deleted, with all its fields. Writes nothing where it is there, or never was.</summary>
    public void Restore()
    {
        if (_state.Existence.Exists || _state.Existence.IsEmpty) Abandon();
        else Touch();
    }

    /// <summary>Says that the document exists.</summary>
    public void Touch() => Commit(_state.Existence.Touch(dots.Next));

    /// <summary>Having been opened does not make the document, where nothing was written to it.</summary>
    public void Abandon() => _abandoned = true;

    /// <summary>The finished section. Every edit says that the document exists, so that it revives what a concurrent deletion removed.</summary>
    /// <param name="output">Where it is written.</param>
    /// <param name="salt">16 random bytes.</param>
    /// <param name="key">What to encrypt it with; null for a plain one.</param>
    public void WriteSection(IBufferWriter<byte> output, ReadOnlySpan<byte> salt, ContentKey? key = null)
    {
        if (!_endsWithExistence) Touch();
        if (key is not null) output.Write(DocumentSection.WriteEncrypted(key, _first, salt, _replicas, _count, _operations.WrittenSpan));
        else DocumentSection.Write(output, _state.Key, salt, _replicas, _count, _operations.WrittenSpan);
    }

    private void Commit(ExistenceDelta delta)
    {
        _inverse?.Capture(_state.Existence, delta);
        _state.Existence.Join(delta, dots.Stamp);
        Record(0, delta);
    }
}
