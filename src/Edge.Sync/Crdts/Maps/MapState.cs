namespace Edge.Sync.Crdts;

/// <summary>
/// A map from values to CRDTs of any kind, maps among them: a document in a document. Add-wins on its keys.
/// </summary>
/// <remarks>
/// <para>Every edit under a key says that the key is there. A removal takes away the key, and what lay under it, as far as its author had seen it;
/// an edit that it had not seen stays, and with it the key. Alice removes "pump" while Bob, offline, adds 5 minutes to it: "pump" is there with Bob's
/// 5 minutes, without the 30 that both had seen.</para>
/// <para>Two kinds under one key lie beside each other, so that an app whose types have changed loses nothing.</para>
/// <para>States that cannot forget single operations (counters, trees, logs) keep them apart under a key until they are stable: see
/// <see cref="RetainedState"/>. Of a text under a key that is gone, the places of its characters stay until the removal is stable, since a peer may
/// still write beside one.</para>
/// </remarks>
internal sealed partial class MapState : DotState, IResettable
{
    /// <summary>How many maps may lie in each other.</summary>
    public const int DepthMax = 16;

    private readonly Dictionary<ValueBytes, MapEntry> _entries = [];

    public override CrdtKind Kind => CrdtKind.Map;

    public override bool IsEmpty => _entries.Count == 0;

    /// <summary>How many keys are there.</summary>
    public int Count { get; private set; }

    /// <summary>The keys, in no order.</summary>
    public IEnumerable<ValueBytes> Keys
    {
        get
        {
            foreach (var (key, entry) in _entries)
                if (entry.IsPresent) yield return key;
        }
    }

    public bool Contains(ValueBytes key) => _entries.TryGetValue(key, out var entry) && entry.IsPresent;

    /// <summary>What lies under a key; null where nothing of that kind does. It changes with the map.</summary>
    public DotState? Find(ValueBytes key, CrdtKind kind) => _entries.TryGetValue(key, out var entry) ? Unwrap(entry.Find(kind)) : null;

    /// <summary>Like <see cref="Find"/>, or a new state: to be read and asked for deltas, not to be joined into.</summary>
    public DotState FindOrNew(ValueBytes key, CrdtKind kind) => Find(key, kind) ?? CrdtState.Create(kind);

    /// <summary>The edit of a key by a delta of what lies under it, as <see cref="FindOrNew"/> gave it.</summary>
    /// <exception cref="ArgumentException">There are too many maps in each other.</exception>
    public MapDelta Edit(ValueBytes key, Delta nested) => MapDelta.Edit(key, nested);

    /// <summary>Says that a key is there, with nothing under it yet; or renews it, so that it outlives a concurrent removal.</summary>
    public MapDelta Touch(Dot dot, ValueBytes key) => MapDelta.Touch(dot, key);

    public MapDelta Remove(Dot dot, ValueBytes key) =>
        MapDelta.Remove(dot, key, _entries.TryGetValue(key, out var entry) ? entry.Existence.ToDotOrder() : []);

    /// <exception cref="EdgeDataException">A text under the key refuses its delta. Nothing is changed.</exception>
    public override void Join(Delta delta, HybridTimestamp stamp)
    {
        var map = (MapDelta)delta;
        var isNew = !_entries.TryGetValue(map.Key, out var entry);
        if (map.IsRemoval)
        {
            if (isNew) return;
            var seen = new VersionVector();
            foreach (var dot in map.Removed)
                seen.Include(dot);
            var wasPresent = entry!.IsPresent;
            entry.Reset(seen, map.First);
            Settle(map.Key, entry, wasPresent);
            return;
        }
        entry ??= new();
        if (map.Nested is not null) entry.Join(map.Nested, stamp);
        if (isNew) _entries.Add(map.Key, entry);
        if (!entry.IsPresent) Count++;
        entry.Existence.Include(map.KeyDot);
    }

    /// <remarks>The key is not there by it.</remarks>
    public override void JoinVoid(Delta delta, HybridTimestamp stamp)
    {
        var map = (MapDelta)delta;
        if (map.Nested is null) return;
        var isNew = !_entries.TryGetValue(map.Key, out var entry);
        entry ??= new();
        entry.JoinVoid(map.Nested, stamp);
        if (isNew && !entry.IsEmpty) _entries.Add(map.Key, entry);
    }

    /// <exception cref="EdgeDataException">A fragment has text that refers to what is not here. Nothing is changed.</exception>
    public override void Join(DotState other, CausalContext ours, CausalContext theirs)
    {
        var their = (MapState)other;
        CheckJoin(their);
        foreach (var (key, entry) in _entries)
        {
            var wasPresent = entry.IsPresent;
            entry.Join(their._entries.GetValueOrDefault(key), ours, theirs);
            Settle(key, entry, wasPresent);
        }
        foreach (var (key, theirEntry) in their._entries)
        {
            if (_entries.ContainsKey(key)) continue;
            var entry = new MapEntry();
            entry.Join(theirEntry, ours, theirs);
            if (entry.IsEmpty) continue;
            _entries.Add(key, entry);
            if (entry.IsPresent) Count++;
        }
    }

    public override void CheckJoin(DotState other)
    {
        foreach (var (key, entry) in ((MapState)other)._entries)
            (_entries.GetValueOrDefault(key) ?? new()).CheckJoin(entry);
    }

    public void Reset(VersionVector seen, Dot by)
    {
        foreach (var (key, entry) in _entries)
        {
            var wasPresent = entry.IsPresent;
            entry.Reset(seen, by);
            Settle(key, entry, wasPresent);
        }
    }

    public override DotState Unseen(VersionVector peer, HashSet<Dot> kept)
    {
        var unseen = new MapState();
        foreach (var (key, entry) in _entries)
        {
            var rest = entry.Unseen(peer, kept);
            if (!rest.IsEmpty) unseen._entries.Add(key, rest);
            if (rest.IsPresent) unseen.Count++;
        }
        return unseen;
    }

    public override void Compact(VersionVector stable)
    {
        foreach (var (key, entry) in _entries)
        {
            entry.Compact(stable);
            if (entry.IsEmpty) _entries.Remove(key);
        }
    }

    public override void CollectReplicas(ReplicaTable table)
    {
        foreach (var entry in _entries.Values)
            entry.CollectReplicas(table);
    }

    /// <summary>An array of (key, [replica, counter, ...], [kind, state, ...]), by ascending bytes of the key.</summary>
    public override void Write(ref WireWriter writer)
    {
        writer.Raw.WriteArrayHeader(_entries.Count * 3);
        foreach (var key in Ascending.Keys(_entries))
        {
            writer.WriteValue(key);
            _entries[key].Write(ref writer);
        }
    }

    public static MapState Read(ref WireReader reader, int depth, bool isFragment)
    {
        if (depth >= DepthMax) throw reader.Malformed("map", $"more than {DepthMax} maps lie in each other");
        var length = reader.ReadArrayHeader("map");
        if (length % 3 != 0) throw reader.Malformed("map", "an entry is cut short");
        var state = new MapState();
        for (var (i, last) = (0, default(ValueBytes)); i < length; i += 3)
        {
            var key = reader.ReadValue("map.key");
            if (i > 0 && key.CompareTo(last) <= 0) throw reader.Malformed("map.key", "its keys are not in ascending order");
            var entry = MapEntry.Read(ref reader, depth, isFragment);
            state._entries.Add(last = key, entry);
            if (entry.IsPresent) state.Count++;
        }
        return state;
    }

    public override void Check()
    {
        var count = 0;
        foreach (var entry in _entries.Values)
        {
            if (entry.IsEmpty) throw new InvalidOperationException("An entry without a dot or a state is kept.");
            entry.Check();
            if (entry.IsPresent) count++;
        }
        if (count != Count) throw new InvalidOperationException($"The map says that it has {Count} keys, and has {count}.");
    }

    internal static CrdtKind ReadKind(ref WireReader reader)
    {
        var kind = (CrdtKind)reader.ReadInt32("map.kind", 0, byte.MaxValue);
        if (kind == CrdtKind.Existence || !CrdtState.IsKnown(kind)) throw reader.Malformed("map.kind", $"nothing of kind {(byte)kind} lies in a map");
        return kind;
    }

    private void Settle(ValueBytes key, MapEntry entry, bool wasPresent)
    {
        if (wasPresent && !entry.IsPresent) Count--;
        else if (!wasPresent && entry.IsPresent) Count++;
        if (entry.IsEmpty) _entries.Remove(key);
    }

    private static DotState? Unwrap(DotState? state) => state is RetainedState retained ? retained.Current : state;
}
