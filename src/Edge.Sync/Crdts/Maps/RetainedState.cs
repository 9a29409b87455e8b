using System.Runtime.InteropServices;

namespace Edge.Sync.Crdts;

/// <summary>
/// Makes a state that only grows forget single operations: it keeps their deltas, and joins those that are left anew.
/// </summary>
/// <remarks>
/// Under a key of a map, a counter's increments must go one by one with a removal that had seen some of them and not others. Once stable they go
/// together or not at all, since every later removal has seen them all: then they are one sum, as in a counter that lies in no map.
/// </remarks>
internal sealed class RetainedState(CrdtKind kind) : DotState, IResettable
{
    /// <summary>Not yet stable; ascending by dot.</summary>
    private readonly List<Retained> _deltas = [];

    /// <summary>What the stable deltas join to; null where there are none.</summary>
    private DotState? _base;

    /// <summary>The latest dots in the base, which stand for all of them.</summary>
    private LatestDots _baseDots;

    public override CrdtKind Kind => kind;

    public override bool IsEmpty => _deltas.Count == 0 && _base is null;

    /// <summary>What everything that is kept joins to.</summary>
    public DotState Current { get; private set; } = New(kind);

    /// <summary>Whether an operation still counts: it is kept, or is in the base.</summary>
    public bool Holds(Dot dot) => _deltas.Exists(retained => retained.Delta.First == dot) || _baseDots.Of(dot.Replica).Counter >= dot.Counter;

    /// <summary>The operations that count; the latest of each replica stands for those in the base.</summary>
    public Dot[] Dots()
    {
        Dot[] dots = [.. _baseDots.Span, .. _deltas.Select(static retained => retained.Delta.First)];
        Array.Sort(dots);
        return dots;
    }

    public override void Join(Delta delta, HybridTimestamp stamp)
    {
        if (Keep(new(delta, stamp))) Current.Join(delta, stamp);
    }

    public override void Join(DotState other, CausalContext ours, CausalContext theirs)
    {
        var state = (RetainedState)other;
        var left = 0;
        foreach (var retained in CollectionsMarshal.AsSpan(_deltas))
            if (state.Find(retained) >= 0 || !theirs.Contains(retained.Delta.First)) _deltas[left++] = retained;
        _deltas.RemoveRange(left, _deltas.Count - left);
        foreach (var retained in state._deltas)
            if (!ours.Contains(retained.Delta.First)) Keep(retained);

        if (_base is not null && state._base is null && theirs.Contains(_baseDots.Span[0])) (_base, _baseDots) = (null, default);
        else if (_base is null && state._base is not null && !ours.Contains(state._baseDots.Span[0])) (_base, _baseDots) = (Copy(state._base), state._baseDots.Clone());
        Rebuild();
    }

    public void Reset(VersionVector seen, Dot by)
    {
        _deltas.RemoveAll(retained => seen.Contains(retained.Delta.First));
        if (_base is not null && seen.Contains(_baseDots.Span[0])) (_base, _baseDots) = (null, default);
        Rebuild();
    }

    public override DotState Unseen(VersionVector peer, HashSet<Dot> kept)
    {
        var unseen = new RetainedState(kind);
        foreach (var retained in _deltas)
            if (peer.Contains(retained.Delta.First)) kept.Add(retained.Delta.First);
            else unseen._deltas.Add(retained);
        if (_base is not null && peer.Contains(_baseDots.Span[0])) kept.Add(_baseDots.Span[0]);
        else if (_base is not null) (unseen._base, unseen._baseDots) = (Copy(_base), _baseDots.Clone());
        unseen.Rebuild();
        return unseen;
    }

    public override void Compact(VersionVector stable)
    {
        var left = 0;
        foreach (var retained in CollectionsMarshal.AsSpan(_deltas))
        {
            if (stable.Contains(retained.Delta.First))
            {
                (_base ??= New(kind)).Join(retained.Delta, retained.Stamp);
                _baseDots.Include(retained.Delta.First);
            }
            else
            {
                _deltas[left++] = retained;
            }
        }
        _deltas.RemoveRange(left, _deltas.Count - left);
        _base?.Compact(stable);
        Rebuild();
    }

    public override void CollectReplicas(ReplicaTable table)
    {
        _base?.CollectReplicas(table);
        _baseDots.CollectReplicas(table);
        foreach (var retained in _deltas)
        {
            table.IndexOf(retained.Delta.First.Replica);
            retained.Delta.CollectReplicas(table);
        }
    }

    /// <summary>[[replica, counter, ...] of the base, base or nil, [replica, counter, time, delta, ...]]</summary>
    public override void Write(ref WireWriter writer)
    {
        writer.Raw.WriteArrayHeader(3);
        _baseDots.Write(ref writer);
        if (_base is null) writer.Raw.WriteNil();
        else _base.Write(ref writer);
        writer.Raw.WriteArrayHeader(_deltas.Count * 4);
        foreach (var (delta, stamp) in _deltas)
        {
            writer.WriteDot(delta.First);
            writer.Raw.Write(stamp.Value);
            delta.Write(ref writer);
        }
    }

    public static RetainedState Read(CrdtKind kind, ref WireReader reader)
    {
        reader.ReadArrayHeader("retained", 3, exactly: true);
        var state = new RetainedState(kind) { _baseDots = LatestDots.Read(ref reader, "retained.baseDots") };
        if (state._baseDots.Count > 0) state._base = CrdtState.Read(kind, ref reader);
        else if (!reader.TryReadNil()) throw reader.Malformed("retained.base", "a base without dots is kept");
        var length = reader.ReadArrayHeader("retained.deltas");
        if (length % 4 != 0) throw reader.Malformed("retained.deltas", "a delta is cut short");
        for (var i = 0; i < length; i += 4)
        {
            var dot = reader.ReadDot("retained.dot");
            var stamp = new HybridTimestamp(reader.ReadUInt64("retained.time"));
            if (i > 0 && state._deltas[^1].Delta.First.CompareTo(dot) >= 0) throw reader.Malformed("retained.dot", "its deltas are not in ascending order");
            state._deltas.Add(new(Delta.Read(kind, dot, ref reader), stamp));
        }
        state.Rebuild();
        // Several threads may read what was just read from bytes: nothing is left for the first of them to replay.
        (state.Current as TreeState)?.Children(TreeState.Root);
        return state;
    }

    public override void Check()
    {
        Current.Check();
        _base?.Check();
        _baseDots.Check();
        if (_base is null != (_baseDots.Count == 0)) throw new InvalidOperationException("A base without dots is kept.");
    }

    private bool Keep(Retained retained)
    {
        var index = _deltas.Count == 0 || _deltas[^1].CompareTo(retained) < 0 ? ~_deltas.Count : Find(retained);
        if (index < 0) _deltas.Insert(~index, retained);
        return index < 0;
    }

    private int Find(Retained retained) => _deltas.BinarySearch(retained);

    private void Rebuild()
    {
        Current = _base is null ? New(kind) : Copy(_base);
        foreach (var (delta, stamp) in _deltas)
            Current.Join(delta, stamp);
    }

    private static DotState New(CrdtKind kind) => CrdtState.Create(kind);

    // What only grows needs no context: nothing was ever removed.
    private static DotState Copy(DotState state)
    {
        var (copy, nothing) = (New(state.Kind), new CausalContext(new()));
        copy.Join(state, nothing, nothing);
        return copy;
    }

    private readonly record struct Retained(Delta Delta, HybridTimestamp Stamp) : IComparable<Retained>
    {
        public int CompareTo(Retained other) => Delta.First.CompareTo(other.Delta.First);
    }
}
