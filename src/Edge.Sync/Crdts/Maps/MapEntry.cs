namespace Edge.Sync.Crdts;

/// <summary>What lies under one key of a map: the dots that say that it is there, and a state of each kind that was ever written.</summary>
internal sealed class MapEntry
{
    /// <summary>Ascending by kind; nearly always one. Empty states are not kept.</summary>
    private DotState[] _states = [];

    public LatestDots Existence;

    /// <summary>As they are kept; valid until the next join.</summary>
    public IReadOnlyList<CrdtState> States => _states;

    public bool IsPresent => Existence.Count > 0;

    public bool IsEmpty => Existence.Count == 0 && _states.Length == 0;

    public DotState? Find(CrdtKind kind)
    {
        foreach (var state in _states)
            if (state.Kind == kind) return state;
        return null;
    }

    public void Join(Delta delta, HybridTimestamp stamp)
    {
        var state = Find(delta.Kind);
        if (state is not null)
        {
            state.Join(delta, stamp);
        }
        else
        {
            state = Create(delta.Kind);
            state.Join(delta, stamp);
            Insert(state);
        }
        // A delta may only take away, as the removal of the last element does.
        if (state.IsEmpty) DropEmpty();
    }

    /// <summary>See <see cref="CrdtState.JoinVoid"/>.</summary>
    public void JoinVoid(Delta delta, HybridTimestamp stamp)
    {
        if (Find(delta.Kind) is { } state)
        {
            state.JoinVoid(delta, stamp);
            return;
        }
        state = Create(delta.Kind);
        state.JoinVoid(delta, stamp);
        if (!state.IsEmpty) Insert(state);
    }

    /// <summary>Joins the entry that a peer has under the same key; null where it has none.</summary>
    public void Join(MapEntry? other, CausalContext ours, CausalContext theirs)
    {
        var none = default(LatestDots);
        if (other is null) Existence.Join(ref none, ours, theirs);
        else Existence.Join(ref other.Existence, ours, theirs);
        foreach (var state in _states)
            state.Join(other?.Find(state.Kind) ?? Create(state.Kind), ours, theirs);
        foreach (var theirState in other?._states ?? [])
        {
            if (Find(theirState.Kind) is not null) continue;
            var state = Create(theirState.Kind);
            state.Join(theirState, ours, theirs);
            Insert(state);
        }
        DropEmpty();
    }

    public void CheckJoin(MapEntry other)
    {
        foreach (var state in other._states)
            (Find(state.Kind) ?? Create(state.Kind)).CheckJoin(state);
    }

    public void Reset(VersionVector seen, Dot by)
    {
        Existence.Reset(seen);
        foreach (var state in _states)
            ((IResettable)state).Reset(seen, by);
        DropEmpty();
    }

    public MapEntry Unseen(VersionVector peer, HashSet<Dot> kept)
    {
        var unseen = new MapEntry { Existence = Existence.Unseen(peer, kept), _states = new DotState[_states.Length] };
        for (var i = 0; i < _states.Length; i++)
            unseen._states[i] = _states[i].Unseen(peer, kept);
        unseen.DropEmpty();
        return unseen;
    }

    public void Compact(VersionVector stable)
    {
        foreach (var state in _states)
            state.Compact(stable);
        DropEmpty();
    }

    public void CollectReplicas(ReplicaTable table)
    {
        Existence.CollectReplicas(table);
        foreach (var state in _states)
            state.CollectReplicas(table);
    }

    /// <summary>Two values: [replica, counter, ...] and [kind, state, ...].</summary>
    public void Write(ref WireWriter writer)
    {
        Existence.Write(ref writer);
        writer.Raw.WriteArrayHeader(_states.Length * 2);
        foreach (var state in _states)
        {
            writer.Raw.Write((byte)state.Kind);
            state.Write(ref writer);
        }
    }

    public static MapEntry Read(ref WireReader reader, int depth, bool isFragment)
    {
        var entry = new MapEntry { Existence = LatestDots.Read(ref reader, "map.existence") };
        var length = reader.ReadArrayHeader("map.states");
        if (length % 2 != 0) throw reader.Malformed("map.states", "a state is cut short");
        if (length > 0) entry._states = new DotState[length / 2];
        for (var i = 0; i < entry._states.Length; i++)
        {
            var kind = MapState.ReadKind(ref reader);
            if (i > 0 && kind <= entry._states[i - 1].Kind) throw reader.Malformed("map.states", "its kinds are not in ascending order");
            var state = Create(kind) is RetainedState ? RetainedState.Read(kind, ref reader) : CrdtState.Read(kind, ref reader, depth + 1, isFragment);
            if (state.IsEmpty) throw reader.Malformed("map.states", "an empty state is kept");
            entry._states[i] = state;
        }
        return entry.IsEmpty ? throw reader.Malformed("map.states", "an entry without a dot or a state is kept") : entry;
    }

    public void Check()
    {
        Existence.Check();
        for (var i = 0; i < _states.Length; i++)
        {
            if (i > 0 && _states[i - 1].Kind >= _states[i].Kind) throw new InvalidOperationException("The kinds under a key are not in ascending order.");
            if (_states[i].IsEmpty) throw new InvalidOperationException("An empty state is kept.");
            _states[i].Check();
        }
    }

    private static DotState Create(CrdtKind kind)
    {
        var state = CrdtState.Create(kind);
        return state is IResettable ? state : new RetainedState(kind);
    }

    private void Insert(DotState state)
    {
        var index = 0;
        while (index < _states.Length && _states[index].Kind < state.Kind) index++;
        _states = [.. _states[..index], state, .. _states[index..]];
    }

    private void DropEmpty()
    {
        var left = 0;
        foreach (var state in _states)
            if (!state.IsEmpty) _states[left++] = state;
        if (left < _states.Length) _states = left == 0 ? [] : _states[..left];
    }
}
