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

    /// <summary>Writes exactly one MessagePack value, without <see cref="First"/>, which the frame around it carries.</summary>
    public abstract void Write(ref WireWriter writer);

    /// <summary>Reads a delta of a kind that <see cref="CrdtState.IsKnown"/> accepts.</summary>
    /// <exception cref="EdgeDataException">The bytes are no delta of that kind.</exception>
    public static Delta Read(CrdtKind kind, Dot first, ref WireReader reader) => kind switch
    {
        CrdtKind.Existence => ExistenceDelta.Read(first, ref reader),
        CrdtKind.Register => RegisterDelta.Read(first, ref reader),
        CrdtKind.Counter => CounterDelta.Read(first, ref reader),
        CrdtKind.Set => SetDelta.Read(first, ref reader),
        CrdtKind.Text => TextDelta.Read(first, ref reader),
        _ => throw new EdgeDataException($"There is no CRDT of kind {(byte)kind}.", "delta.kind"),
    };
}
