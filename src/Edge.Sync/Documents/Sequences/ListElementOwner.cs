using Edge.Sync.Crdts;

namespace Edge.Sync.Documents;

/// <summary>What lies under the key of a list's element. An edit renews the element too, so that it outlives a concurrent deletion, as a plain value does that is set.</summary>
internal sealed class ListElementOwner(Field list, ValueBytes key) : IFieldOwner
{
    public ReplicaId Self => list.Self;

    public CrdtState? Find(int slot, CrdtKind kind) => list.Find<MapState>(CrdtKind.Map)?.Find(key, kind);

    public bool IsLive => list.IsLive;

    public ILiveEdits? Edits => list.Edits;

    public object? FindShown(int slot) => null;

    public long Queue(int slot, Action<Field> edit, object? shown) => list.Queue(inDraft => edit(new(new ListElementOwner(inDraft, key), 0)), null);

    public void Adopt(FieldStore nested) => list.Adopt(nested);

    public IDeltaSink Writable(int slot) => list.Writable();

    public void Commit(IDeltaSink sink, int slot, Delta delta)
    {
        // The edit first: its dots were taken from the sink when it was made.
        list.Commit(sink, MapDelta.Edit(key, delta));
        Renew(sink);
    }

    private void Renew(IDeltaSink sink)
    {
        if (list.Find<ListState>(CrdtKind.List) is not { } state) return;
        for (var i = 0; i < state.Count; i++)
        {
            if (!state[i].Equals(key)) continue;
            // Once in a change is enough.
            if (state.Values(i) is [.., var shown] && shown.Stamp == sink.Stamp && shown.Dot.Replica == sink.Next.Replica) return;
            list.Commit(sink, state.Set(sink.Next, i, key));
            return;
        }
    }
}
