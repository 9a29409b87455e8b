namespace Edge.Sync.Crdts;

/// <summary>
/// A state without the entries that a peer has: they are named by dot, so that the peer can tell them from those that were removed.
/// </summary>
/// <remarks>
/// <code>fragment = [ state, [ dots kept ] ]   the version travels outside: it is the same for all fields of a document</code>
/// </remarks>
internal sealed class StateFragment(DotState state, VersionVector version, HashSet<Dot> kept)
{
    public DotState State => state;

    /// <summary>How many entries are named by dot alone.</summary>
    public int KeptCount => kept.Count;

    /// <summary>What the state that this fragment is of has seen.</summary>
    public CausalContext Context { get; } = new(version, kept);

    public void CollectReplicas(ReplicaTable table)
    {
        state.CollectReplicas(table);
        foreach (var dot in kept)
            table.IndexOf(dot.Replica);
    }

    public void Write(ref WireWriter writer)
    {
        var dots = new Dot[kept.Count];
        kept.CopyTo(dots);
        Array.Sort(dots);
        writer.Raw.WriteArrayHeader(2);
        state.Write(ref writer);
        writer.WriteDots(dots);
    }

    /// <exception cref="EdgeDataException">The bytes are no fragment of a state of that kind.</exception>
    public static StateFragment Read(CrdtKind kind, VersionVector version, ref WireReader reader)
    {
        reader.ReadArrayHeader("fragment", 2, exactly: true);
        var state = CrdtState.Read(kind, ref reader, isFragment: true);
        return new(state, version, [.. reader.ReadDots("fragment.kept")]);
    }
}
