using Edge.Sync.Crdts;

namespace Edge.Sync.Tests.Crdts.Laws;

/// <summary>A state with its causal context: what the log is to a document. Duplicates have no effect, and what came too early is refused.</summary>
internal sealed class CrdtReplica(CrdtSubject subject, ReplicaId id)
{
    public ReplicaId Id => id;

    public CrdtState State { get; private set; } = CrdtState.Create(subject.Kind);

    public VersionVector Version { get; private set; } = new();

    /// <summary>The version at which the state was last compacted.</summary>
    public VersionVector Fold { get; private set; } = new();

    /// <summary>Makes an edit and joins it here; null where it has nothing to say.</summary>
    /// <param name="intent">Which one.</param>
    /// <param name="stamp">When.</param>
    /// <param name="gap">How many dots other fields have taken since the last edit.</param>
    public Operation? Edit(int intent, HybridTimestamp stamp, ulong gap = 0)
    {
        if (subject.Mutate(State, new(id, Version[id] + 1 + gap), intent) is not { } delta) return null;
        var operation = new Operation(Bytes.Copy(delta), intent, stamp, new(Version), Fold);
        Receive(operation);
        return operation;
    }

    public bool CanReceive(Operation operation) => !Version.Contains(operation.Last) && Version.Covers(operation.Past);

    public void Receive(Operation operation)
    {
        if (Version.Contains(operation.Last)) return;
        if (!Version.Covers(operation.Past)) throw new InvalidOperationException($"{operation.Dot} came before what its author had seen.");
        Compact(operation.Fold);
        State.Join(Bytes.Copy(operation.Delta), operation.Stamp);
        Version.Include(operation.Last);
    }

    /// <summary>Joins all of a peer's state.</summary>
    public void Join(CrdtReplica peer)
    {
        CatchUp(peer);
        ((DotState)State).Join((DotState)peer.State, new(Version), new(peer.Version));
        Version.Join(peer.Version);
    }

    /// <summary>Joins what this replica lacks of a peer's state, encoded and decoded.</summary>
    public void JoinFragment(CrdtReplica peer)
    {
        CatchUp(peer);
        var fragment = Bytes.Copy(((DotState)peer.State).Since(peer.Version, Version), peer.Version);
        ((DotState)State).Join(fragment.State, new(Version), fragment.Context);
        Version.Join(peer.Version);
    }

    public void Compact(VersionVector stable)
    {
        if (Fold.Covers(stable)) return;
        Assert.True(Version.Covers(stable));
        (State as DotState)?.Compact(stable);
        Fold = new(stable);
    }

    /// <summary>Goes on with the state as its bytes say it is.</summary>
    public void Reload() => State = Bytes.Copy(State);

    public CrdtReplica Copy() => CopyAs(id);

    /// <summary>A replica of another name that has seen the same.</summary>
    public CrdtReplica CopyAs(ReplicaId other) => new(subject, other) { State = Bytes.Copy(State), Version = new(Version), Fold = Fold };

    private void CatchUp(CrdtReplica peer)
    {
        Compact(peer.Fold);
        peer.Compact(Fold);
    }
}
