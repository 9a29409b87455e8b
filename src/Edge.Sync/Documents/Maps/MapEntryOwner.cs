using Edge.Sync.Crdts;

namespace Edge.Sync.Documents;

/// <summary>What lies under one key of a map, of whatever kind. Every write says that the key is there.</summary>
internal sealed class MapEntryOwner(Field map, ValueBytes key) : IFieldOwner
{
    public ReplicaId Self => map.Self;

    public CrdtState? Find(int slot, CrdtKind kind) => map.Find<MapState>(CrdtKind.Map)?.Find(key, kind);

    public bool IsLive => map.IsLive;

    public ILiveEdits? Edits => map.Edits;

    public object? FindShown(int slot) => null;

    public long Queue(int slot, Action<Field> edit, object? shown) => map.Queue(inDraft => edit(new(new MapEntryOwner(inDraft, key), 0)), null);

    public void Adopt(FieldStore nested) => map.Adopt(nested);

    public IDeltaSink Writable(int slot) => map.Writable();

    public void Commit(IDeltaSink sink, int slot, Delta delta) => map.Commit(sink, MapDelta.Edit(key, delta));
}
