namespace Edge.Sync.Crdts;

/// <summary>A switch that everybody turns, off at first. Its kind says which side wins when two turn it at once.</summary>
/// <remarks>
/// <para>Whoever turns it replaces all that they had seen. <see cref="CrdtKind.EnableWinsFlag"/>: Alice turns it off while Bob, offline, turns it on
/// again: it is on. <see cref="CrdtKind.DisableWinsFlag"/>: the same two, and it is off: the choice for consent, alarms and permissions.</para>
/// <para>Under enable-wins a lowering is over once it is joined, and keeps no dot.</para>
/// </remarks>
internal sealed class FlagState(CrdtKind kind) : DotState, IResettable
{
    private Votes _votes;

    public override CrdtKind Kind => kind;

    public bool IsEnabled => _votes.For.Count > 0 && _votes.Against.Count == 0;

    public override bool IsEmpty => _votes.IsEmpty;

    /// <summary>The turns that nobody has replaced. They share the flag's: read only, until the next join.</summary>
    internal Votes CurrentVotes => _votes;

    public FlagDelta Set(Dot dot, bool isEnabled) => new(kind, dot, isEnabled, _votes.ToDots());

    public override void Join(Delta delta, HybridTimestamp stamp)
    {
        var flag = (FlagDelta)delta;
        _votes.Remove(flag.Replaced);
        if (flag.IsEnabled) _votes.For.Add(delta.First);
        else if (kind == CrdtKind.DisableWinsFlag) _votes.Against.Add(delta.First);
    }

    public override void Join(DotState other, CausalContext ours, CausalContext theirs) =>
        _votes.Join(ref ((FlagState)other)._votes, ours, theirs);

    public void Reset(VersionVector seen, Dot by) => _votes.Reset(seen);

    public override DotState Unseen(VersionVector peer, HashSet<Dot> kept) => new FlagState(kind) { _votes = _votes.Unseen(peer, kept) };

    public override void Compact(VersionVector stable) => _votes.Compact(stable);

    public override void CollectReplicas(ReplicaTable table) => _votes.CollectReplicas(table);

    /// <summary>[[dots that enable], [dots that disable]]</summary>
    public override void Write(ref WireWriter writer)
    {
        writer.Raw.WriteArrayHeader(2);
        _votes.Write(ref writer);
    }

    public static FlagState Read(CrdtKind kind, ref WireReader reader)
    {
        reader.ReadArrayHeader("flag", 2, exactly: true);
        var state = new FlagState(kind) { _votes = Votes.Read(ref reader, "flag") };
        if (kind == CrdtKind.EnableWinsFlag && state._votes.Against.Count > 0) throw reader.Malformed("flag", "under enable-wins, nothing that disables is kept");
        return state;
    }

    public override void Check() => _votes.Check();
}
