using Edge.Sync.Crdts;

namespace Edge.Sync.Documents;

/// <summary>The fields of a document by their ids, without a schema.</summary>
internal sealed class DynamicFields(DocumentState state, IDeltaSink? sink, ReplicaId self) : IFieldOwner
{
    private readonly bool _isDraft = sink is not null;
    private IDeltaSink? _sink = sink;

    public DocumentState State => state;

    public ReplicaId Self => self;

    public bool IsLive => false;

    public ILiveEdits? Edits => null;

    /// <summary>The place of a field: its id takes the place of a slot.</summary>
    public Field At(string name) => new(this, unchecked((int)FieldDefinition.HashOf(name)));

    public CrdtState? Find(int slot, CrdtKind kind) => state.Find(unchecked((uint)slot), kind);

    public IDeltaSink Writable(int slot) => _sink ?? throw new InvalidOperationException(
        $"This document of collection '{state.Collection}' cannot be changed. {(_isDraft ? "The edit callback that it belonged to has ended" : "It is a snapshot, which never changes")}. Change it inside db.Documents(collection).EditAsync(id, edit).");

    public void Commit(IDeltaSink sink, int slot, Delta delta)
    {
        var id = unchecked((uint)slot);
        var field = state.GetOrAdd(id, delta.Kind);
        sink.Capture(id, field, delta);
        field.Join(delta, sink.Stamp);
        sink.Record(id, delta);
    }

    public object? FindShown(int slot) => null;

    public long Queue(int slot, Action<Field> edit, object? shown) => throw new System.Diagnostics.UnreachableException("A document without its class is never live.");

    public void Adopt(FieldStore nested) { }

    public void Close() => _sink = null;
}
