namespace Edge.Sync.Crdts.Undo;

/// <summary>The field that something is taken back in, as it is now: it is read, and changed by ordinary deltas under new dots.</summary>
internal abstract class UndoTarget
{
    /// <summary>Who takes back.</summary>
    public ReplicaId Self => Next.Replica;

    /// <summary>The dot of the next delta.</summary>
    public abstract Dot Next { get; }

    /// <summary>What was renamed so far.</summary>
    public abstract DotRenaming Renamed { get; }

    /// <summary>The state now, or a new one to be asked for deltas. Ask again after each <see cref="Commit"/>.</summary>
    public abstract CrdtState State(CrdtKind kind);

    /// <summary>Joins a delta and takes it into the change.</summary>
    public abstract void Commit(Delta delta);

    /// <summary>Whether what an increment did still counts: not where the key that it lay under was removed.</summary>
    public abstract bool Holds(CrdtKind kind, Dot dot);

    /// <summary>Takes note of what cannot be taken back.</summary>
    public abstract void Refuse(UndoObstacleReason reason);
}
