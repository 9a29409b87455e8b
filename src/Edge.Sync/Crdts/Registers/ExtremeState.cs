namespace Edge.Sync.Crdts;

/// <summary>A register that only rises (<see cref="CrdtKind.MaxRegister"/>) or only falls (<see cref="CrdtKind.MinRegister"/>), whatever the clocks say.</summary>
/// <remarks>
/// <para>Who wins: the greatest value ever written, or the least, in the order of <see cref="ValueOrder"/>.</para>
/// <para>A maximum: Alice writes 80 and Bob, offline, writes 75 a minute later: everyone reads 80.</para>
/// </remarks>
internal sealed class ExtremeState(CrdtKind kind) : DotState
{
    private Dot _dot;
    private ValueBytes _value;

    public override CrdtKind Kind => kind;

    public override bool IsEmpty => _dot.Counter == 0;

    /// <summary>The operation that reached the value; counter 0 where there is none.</summary>
    public Dot Dot => _dot;

    public bool TryGet(out ValueBytes value)
    {
        value = _value;
        return !IsEmpty;
    }

    /// <summary>Null where the value is not beyond the present one: there is nothing to say.</summary>
    public ExtremeDelta? Reach(Dot dot, ValueBytes value) => !IsEmpty && Rank(value, _value) <= 0 ? null : new(kind, dot, value);

    public override void Join(Delta delta, HybridTimestamp stamp) => Take(delta.First, ((ExtremeDelta)delta).Value);

    public override void Join(DotState other, CausalContext ours, CausalContext theirs)
    {
        var state = (ExtremeState)other;
        if (!state.IsEmpty) Take(state._dot, state._value);
    }

    public override DotState Unseen(VersionVector peer, HashSet<Dot> kept)
    {
        var unseen = new ExtremeState(kind);
        if (!IsEmpty && !peer.Contains(_dot)) unseen.Take(_dot, _value);
        return unseen;
    }

    public override void CollectReplicas(ReplicaTable table)
    {
        if (!IsEmpty) table.IndexOf(_dot.Replica);
    }

    /// <summary>[replica, counter, value]; an empty array before the first write.</summary>
    public override void Write(ref WireWriter writer)
    {
        writer.Raw.WriteArrayHeader(IsEmpty ? 0 : 3);
        if (IsEmpty) return;
        writer.WriteDot(_dot);
        writer.WriteValue(_value);
    }

    public static ExtremeState Read(CrdtKind kind, ref WireReader reader)
    {
        var state = new ExtremeState(kind);
        var length = reader.ReadArrayHeader("extreme");
        if (length is not (0 or 3)) throw reader.Malformed("extreme", $"it has 0 or 3 elements, not {length}");
        if (length == 3) state.Take(reader.ReadDot("extreme.dot"), reader.ReadValue("extreme.value"));
        return state;
    }

    public override void Check()
    {
        if (_dot.Counter > Dot.CounterMax) throw new InvalidOperationException($"{_dot} is no dot.");
    }

    /// <summary>Of equal values the one with the lesser dot is kept: which it is must not depend on the order of arrival.</summary>
    private void Take(Dot dot, ValueBytes value)
    {
        var rank = IsEmpty ? 1 : Rank(value, _value);
        if (rank > 0 || (rank == 0 && dot.CompareTo(_dot) < 0)) (_dot, _value) = (dot, value);
    }

    private int Rank(ValueBytes value, ValueBytes than) =>
        kind == CrdtKind.MaxRegister ? ValueOrder.Compare(value, than) : ValueOrder.Compare(than, value);
}
