using Edge.Sync.Crdts.RichText;
using Edge.Sync.Crdts.Sequences;

namespace Edge.Sync.Crdts;

/// <summary>The state of one field: what all the deltas of the field join to. Not safe for use by several threads at once.</summary>
/// <remarks>
/// Laws, tested for every kind: joining is commutative for concurrent deltas, associative and idempotent; any order that keeps causality
/// converges to the same bytes; encoding depends on the joined deltas alone, never on their order of arrival. Every kind is a
/// <see cref="DotState"/>, which also joins as a whole.
/// </remarks>
internal abstract class CrdtState
{
    public abstract CrdtKind Kind { get; }

    /// <summary>
    /// Joins a delta of the same kind, written at <paramref name="stamp"/>. The log calls this once for each delta, after all that its
    /// author had seen: the log's version vector is the causal context that tells "not yet seen" from "removed".
    /// </summary>
    public abstract void Join(Delta delta, HybridTimestamp stamp);

    /// <summary>
    /// Joins what stays of a delta whose change is void: nothing is seen of it, and nothing goes by it. What others may name as a place, of a text or a list, stays as a
    /// deleted one. Called in the place of <see cref="Join"/>.
    /// </summary>
    public virtual void JoinVoid(Delta delta, HybridTimestamp stamp) { }

    /// <summary>Names every replica that <see cref="Write"/> will refer to.</summary>
    public abstract void CollectReplicas(ReplicaTable table);

    /// <summary>Writes exactly one MessagePack value: the canonical form of the state.</summary>
    public abstract void Write(ref WireWriter writer);

    /// <summary>Recomputes what is derived and throws <see cref="InvalidOperationException"/> where it differs: for tests and fuzzers.</summary>
    public abstract void Check();

    public static bool IsKnown(CrdtKind kind) => kind <= CrdtKind.Lattice;

    public static DotState Create(CrdtKind kind) => kind switch
    {
        CrdtKind.Existence => new ExistenceState(),
        CrdtKind.Register => new RegisterState(),
        CrdtKind.Counter or CrdtKind.GrowCounter => new CounterState(kind),
        CrdtKind.Set => new SetState(),
        CrdtKind.Text => new TextState(),
        CrdtKind.List => new ListState(),
        CrdtKind.RichText => new RichTextState(),
        CrdtKind.BoundedCounter => new BoundedCounterState(),
        CrdtKind.MaxRegister or CrdtKind.MinRegister => new ExtremeState(kind),
        CrdtKind.EnableWinsFlag or CrdtKind.DisableWinsFlag => new FlagState(kind),
        CrdtKind.GrowSet => new GrowSetState(),
        CrdtKind.RemoveWinsSet => new RemoveWinsSetState(),
        CrdtKind.Map => new MapState(),
        CrdtKind.Tree => new TreeState(),
        CrdtKind.EventLog => new EventLogState(),
        CrdtKind.Lattice => new LatticeState(),
        _ => throw new EdgeDataException($"There is no CRDT of kind {(byte)kind}.", "state.kind"),
    };

    /// <param name="kind">Of what the bytes are a state.</param>
    /// <param name="reader">Stands at the state.</param>
    /// <param name="depth">How many maps the state is in.</param>
    /// <param name="isFragment">Whether they are a <see cref="StateFragment"/>'s, in which some kinds have a form of their own.</param>
    /// <exception cref="EdgeDataException">The bytes are no state of that kind.</exception>
    public static DotState Read(CrdtKind kind, ref WireReader reader, int depth = 0, bool isFragment = false) => kind switch
    {
        CrdtKind.Existence => ExistenceState.Read(ref reader),
        CrdtKind.Register => RegisterState.Read(ref reader),
        CrdtKind.Counter or CrdtKind.GrowCounter => CounterState.Read(kind, ref reader),
        CrdtKind.Set => SetState.Read(ref reader),
        CrdtKind.Text => isFragment ? TextFragment.Read(ref reader) : TextState.Read(ref reader),
        CrdtKind.List => isFragment ? ListFragment.Read(ref reader) : ListState.Read(ref reader),
        CrdtKind.RichText => isFragment ? RichTextFragment.Read(ref reader) : RichTextState.Read(ref reader),
        CrdtKind.BoundedCounter => BoundedCounterState.Read(ref reader),
        CrdtKind.MaxRegister or CrdtKind.MinRegister => ExtremeState.Read(kind, ref reader),
        CrdtKind.EnableWinsFlag or CrdtKind.DisableWinsFlag => FlagState.Read(kind, ref reader),
        CrdtKind.GrowSet => GrowSetState.Read(ref reader),
        CrdtKind.RemoveWinsSet => RemoveWinsSetState.Read(ref reader),
        CrdtKind.Map => MapState.Read(ref reader, depth, isFragment),
        CrdtKind.Tree => TreeState.Read(ref reader),
        CrdtKind.EventLog => EventLogState.Read(ref reader),
        CrdtKind.Lattice => LatticeState.Read(ref reader),
        _ => throw reader.Malformed("state.kind", $"there is no CRDT of kind {(byte)kind}"),
    };
}
