namespace Edge.Sync.Crdts;

/// <summary>What taking back an edit needs to know of a key.</summary>
internal sealed partial class MapState
{
    /// <summary>The dots that say that a key is there: the latest of each replica, ascending by replica. Valid until the next join.</summary>
    internal ReadOnlySpan<Dot> KeyDots(ValueBytes key) => _entries.TryGetValue(key, out var entry) ? entry.Existence.Span : default;

    /// <summary>The latest dot by which <paramref name="replica"/> says that a key is there; counter 0 where there is none.</summary>
    internal Dot KeyDot(ValueBytes key, ReplicaId replica) => _entries.TryGetValue(key, out var entry) ? entry.Existence.Of(replica) : default;

    /// <summary>Whether what an operation did under a key still counts.</summary>
    internal bool Holds(ValueBytes key, CrdtKind kind, Dot dot) =>
        _entries.TryGetValue(key, out var entry) && entry.Find(kind) is { } state && (state is not RetainedState retained || retained.Holds(dot));

    /// <summary>What lies under a key, one state of each kind, as it is kept.</summary>
    internal IReadOnlyList<CrdtState> Under(ValueBytes key) => _entries.TryGetValue(key, out var entry) ? entry.States : [];

    /// <summary>The bytes of a map that has this key and no other.</summary>
    internal byte[] CopyKey(ValueBytes key)
    {
        var only = new MapState { Count = 1 };
        only._entries.Add(key, _entries[key]);
        return Undo.StateCopy.Write(only);
    }
}
