using Edge.Sync.Crdts.RichText;

namespace Edge.Sync.Crdts;

/// <summary>
/// The small state that a mutator returns: joining it into any state of its kind gives that state plus the edit.
/// </summary>
/// <remarks>
/// A delta covers the dots from <see cref="First"/> on, <see cref="DotCount"/> of them. It lists the dots that it removes, so that the
/// causal context is the version vector of the log and need not travel (Almeida, Shoker, Baquero 2018, with one shared context).
/// </remarks>
internal abstract class Delta(Dot first)
{
    public abstract CrdtKind Kind { get; }

    /// <summary>The first dot of the delta's own operations; without meaning where <see cref="DotCount"/> is 0.</summary>
    public Dot First { get; } = first;

    /// <summary>How many dots the delta takes from its change.</summary>
    public abstract int DotCount { get; }

    /// <summary>The dots of what <see cref="First"/> stands in the place of; none for an edit that replaces nothing, or is not replaced itself.</summary>
    public virtual ReadOnlySpan<Dot> Replaced => [];

    /// <summary>Writes exactly one MessagePack value, without <see cref="First"/>, which the frame around it carries.</summary>
    public abstract void Write(ref WireWriter writer);

    /// <summary>The same edit, where a feed that it names has forked since it was written.</summary>
    public abstract Delta Named(DotNames names);

    /// <summary>Shows every operation that the delta refers to, by the names that it has in the delta: what it removes, replaces, stands beside or moves. Of a range, its last one: versions have no gaps.</summary>
    /// <remarks>Each must lie in the past of the delta's change, or before it in that: else who does not have it yet would take the delta otherwise than who has.</remarks>
    public abstract void VisitNamed(IDotVisitor visitor);

    /// <summary>Names every replica that <see cref="Write"/> refers to, but for the dots that the delta removes: for states that keep deltas.</summary>
    public virtual void CollectReplicas(ReplicaTable table) { }

    /// <summary>Shows each of some dots.</summary>
    protected static void Visit(IDotVisitor visitor, ReadOnlySpan<Dot> dots)
    {
        foreach (var dot in dots)
            visitor.Visit(dot);
    }

    /// <summary>Reads a delta of a kind that <see cref="CrdtState.IsKnown"/> accepts.</summary>
    /// <param name="kind">Of what the bytes are a delta.</param>
    /// <param name="first">The delta's first dot.</param>
    /// <param name="reader">Stands at the delta.</param>
    /// <param name="depth">How many maps the delta is in.</param>
    /// <exception cref="EdgeDataException">The bytes are no delta of that kind.</exception>
    public static Delta Read(CrdtKind kind, Dot first, ref WireReader reader, int depth = 0) => kind switch
    {
        CrdtKind.Existence => ExistenceDelta.Read(first, ref reader),
        CrdtKind.Register => RegisterDelta.Read(first, ref reader),
        CrdtKind.Counter or CrdtKind.GrowCounter => CounterDelta.Read(kind, first, ref reader),
        CrdtKind.Set or CrdtKind.RemoveWinsSet => SetDelta.Read(kind, first, ref reader),
        CrdtKind.Text => TextDelta.Read(first, ref reader),
        CrdtKind.List => ListDelta.Read(first, ref reader),
        CrdtKind.RichText => RichTextDelta.Read(first, ref reader),
        CrdtKind.BoundedCounter => BoundedCounterDelta.Read(first, ref reader),
        CrdtKind.MaxRegister or CrdtKind.MinRegister => ExtremeDelta.Read(kind, first, ref reader),
        CrdtKind.EnableWinsFlag or CrdtKind.DisableWinsFlag => FlagDelta.Read(kind, first, ref reader),
        CrdtKind.GrowSet => GrowSetDelta.Read(first, ref reader),
        CrdtKind.Map => MapDelta.Read(first, ref reader, depth),
        CrdtKind.Tree => TreeDelta.Read(first, ref reader),
        CrdtKind.EventLog => EventLogDelta.Read(first, ref reader),
        CrdtKind.Lattice => LatticeDelta.Read(first, ref reader),
        _ => throw reader.Malformed("delta.kind", $"there is no CRDT of kind {(byte)kind}"),
    };
}
