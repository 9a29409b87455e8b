namespace Edge.Sync.Crdts;

/// <summary>
/// Whether a document exists: an enable-wins flag. An edit revives what a concurrent deletion removed.
/// </summary>
/// <remarks>
/// <para>Only the latest dot of each replica is kept: who had seen it had seen that replica's earlier ones too.</para>
/// <para>Alice deletes a document while Bob, offline, edits it: it exists, with Bob's edit.</para>
/// </remarks>
internal sealed class ExistenceState : DotState, IResettable
{
    private LatestDots _latest;

    public override CrdtKind Kind => CrdtKind.Existence;

    public bool Exists => _latest.Count > 0;

    public override bool IsEmpty => _latest.Count == 0;

    /// <summary>The latest saying of each replica, ascending by replica. Valid until the next join.</summary>
    internal ReadOnlySpan<Dot> Dots => _latest.Span;

    /// <summary>The latest saying of one replica; counter 0 where it has none.</summary>
    internal Dot DotOf(ReplicaId replica) => _latest.Of(replica);

    public ExistenceDelta Touch(Dot dot) => ExistenceDelta.Touch(dot);

    public ExistenceDelta Delete(Dot dot) => ExistenceDelta.Delete(dot, _latest.ToDotOrder());

    public override void Join(Delta delta, HybridTimestamp stamp)
    {
        var existence = (ExistenceDelta)delta;
        if (existence.IsDeletion) _latest.RemoveUpTo(existence.Removed);
        else _latest.Include(delta.First);
    }

    public override void Join(DotState other, CausalContext ours, CausalContext theirs) =>
        _latest.Join(ref ((ExistenceState)other)._latest, ours, theirs);

    public void Reset(VersionVector seen, Dot by) => _latest.Reset(seen);

    public override DotState Unseen(VersionVector peer, HashSet<Dot> kept) => new ExistenceState { _latest = _latest.Unseen(peer, kept) };

    public override void CollectReplicas(ReplicaTable table) => _latest.CollectReplicas(table);

    /// <summary>An array of (replica, counter), by ascending replica.</summary>
    public override void Write(ref WireWriter writer) => _latest.Write(ref writer);

    public static ExistenceState Read(ref WireReader reader) => new() { _latest = LatestDots.Read(ref reader, "existence") };

    public override void Check() => _latest.Check();
}
