using Edge.Sync.Crdts;
using Edge.Sync.Documents;

namespace Edge.Sync.Machines;

/// <summary>Fields that are read here and written by a method that keeps something true about them.</summary>
internal sealed class ReadOnlyOwner(IFieldOwner inner, string why) : IFieldOwner
{
    public ReplicaId Self => inner.Self;

    public bool IsLive => inner.IsLive;

    public ILiveEdits? Edits => inner.Edits;

    public CrdtState? Find(int slot, CrdtKind kind) => inner.Find(slot, kind);

    public bool TryFindCell(int slot, out ColumnCell cell) => inner.TryFindCell(slot, out cell);

    public object? FindShown(int slot) => inner.FindShown(slot);

    public IDeltaSink Writable(int slot) => throw new InvalidOperationException(why);

    public void Commit(IDeltaSink sink, int slot, Delta delta) => throw new InvalidOperationException(why);

    public long Queue(int slot, Action<Field> edit, object? shown) => throw new InvalidOperationException(why);

    public void Adopt(FieldStore nested) => inner.Adopt(nested);
}
