using Edge.Sync.Crdts;
using Edge.Sync.Documents.Undo;

namespace Edge.Sync.Documents;

/// <summary>The fields of one document that stay on this device, while an edit callback runs. What is written here is in no section.</summary>
/// <param name="state">The fields.</param>
/// <param name="dots">Numbers their operations.</param>
/// <param name="stamp">When the edit is made.</param>
/// <param name="inverse">Takes note of what would take the edits back; null where nobody asks.</param>
internal sealed class LocalDraft(DocumentState state, LocalDots dots, HybridTimestamp stamp, DocumentInverse? inverse) : IDeltaSink
{
    public DocumentState State => state;

    public Dot Next => dots.Next;

    public HybridTimestamp Stamp => stamp;

    public bool HasChanges { get; private set; }

    public void Capture(uint fieldId, CrdtState before, Delta delta) => inverse?.CaptureLocal(fieldId, before, delta);

    /// <summary>Joins a delta that was made from the state as it is.</summary>
    public void Commit(uint fieldId, Delta delta)
    {
        var field = state.GetOrAdd(fieldId, delta.Kind);
        Capture(fieldId, field, delta);
        field.Join(delta, stamp);
        Record(fieldId, delta);
    }

    public void Record(uint fieldId, Delta delta)
    {
        dots.Take(delta.DotCount);
        HasChanges = true;
    }
}
