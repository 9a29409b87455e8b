using Edge.Sync.Crdts;

namespace Edge.Sync.Documents;

/// <summary>What lies under one key of a map, of whatever kind. Every write says that the key is there.</summary>
internal sealed class MapEntryOwner(Field map, ValueBytes key) : IFieldOwner
{
    public ReplicaId Self => map.Self;

    public CrdtState? Find(int slot, CrdtKind kind) => map.Find<MapState>(CrdtKind.Map)?.Find(key, kind);

    public IDeltaSink Writable(int slot) => map.Writable();

    public void Commit(IDeltaSink sink, int slot, Delta delta) => map.Commit(sink, MapDelta.Edit(key, delta));
}
