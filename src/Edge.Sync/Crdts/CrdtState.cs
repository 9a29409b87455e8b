namespace Edge.Sync.Crdts;

/// <summary>The state of one field: what all the deltas of the field join to. Not safe for use by several threads at once.</summary>
/// <remarks>
/// Laws, tested for every kind: joining is commutative for concurrent deltas, associative and idempotent; any order that keeps causality
/// converges to the same bytes; encoding depends on the joined deltas alone, never on their order of arrival.
/// </remarks>
internal abstract class CrdtState
{
    public abstract CrdtKind Kind { get; }

    /// <summary>
    /// Joins a delta of the same kind, written at <paramref name="stamp"/>. The log calls this once for each delta, after all that its
    /// author had seen: the log's version vector is the causal context that tells "not yet seen" from "removed".
    /// </summary>
    public abstract void Join(Delta delta, HybridTimestamp stamp);

    /// <summary>Names every replica that <see cref="Write"/> will refer to.</summary>
    public abstract void CollectReplicas(ReplicaTable table);

    /// <summary>Writes exactly one MessagePack value: the canonical form of the state.</summary>
    public abstract void Write(ref WireWriter writer);

    /// <summary>Recomputes what is derived and throws <see cref="InvalidOperationException"/> where it differs: for tests and fuzzers.</summary>
    public abstract void Check();

    public static bool IsKnown(CrdtKind kind) => kind <= CrdtKind.Text;

    public static CrdtState Create(CrdtKind kind) => kind switch
    {
        CrdtKind.Existence => new ExistenceState(),
        CrdtKind.Register => new RegisterState(),
        CrdtKind.Counter => new CounterState(),
        CrdtKind.Set => new SetState(),
        CrdtKind.Text => new TextState(),
        _ => throw new EdgeDataException($"There is no CRDT of kind {(byte)kind}.", "state.kind"),
    };

    /// <exception cref="EdgeDataException">The bytes are no state of that kind.</exception>
    public static CrdtState Read(CrdtKind kind, ref WireReader reader) => kind switch
    {
        CrdtKind.Existence => ExistenceState.Read(ref reader),
        CrdtKind.Register => RegisterState.Read(ref reader),
        CrdtKind.Counter => CounterState.Read(ref reader),
        CrdtKind.Set => SetState.Read(ref reader),
        CrdtKind.Text => TextState.Read(ref reader),
        _ => throw new EdgeDataException($"There is no CRDT of kind {(byte)kind}.", "state.kind"),
    };
}
