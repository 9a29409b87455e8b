namespace Edge.Sync.Crdts;

/// <summary>The dots that speak for something, and those that speak against it, each not yet replaced by one that had seen it.</summary>
/// <remarks>A mutable struct: keep it in one place and reach it by reference.</remarks>
internal struct Votes
{
    public DotSet For;
    public DotSet Against;

    public readonly bool IsEmpty => For.Count == 0 && Against.Count == 0;

    /// <summary>All dots, in the order in which bytes list them.</summary>
    public readonly Dot[] ToDots()
    {
        if (IsEmpty) return [];
        var dots = new Dot[For.Count + Against.Count];
        For.Span.CopyTo(dots);
        Against.Span.CopyTo(dots.AsSpan(For.Count));
        Array.Sort(dots);
        return dots;
    }

    public void Remove(ReadOnlySpan<Dot> replaced)
    {
        For.Remove(replaced);
        Against.Remove(replaced);
    }

    public void Reset(VersionVector seen)
    {
        For.Reset(seen);
        Against.Reset(seen);
    }

    public void Join(ref readonly Votes other, CausalContext ours, CausalContext theirs)
    {
        For.Join(in other.For, ours, theirs);
        Against.Join(in other.Against, ours, theirs);
    }

    public readonly Votes Unseen(VersionVector peer, HashSet<Dot> kept) => new() { For = For.Unseen(peer, kept), Against = Against.Unseen(peer, kept) };

    /// <summary>
    /// Forgets a "no" once it is stable: what comes later follows it and would replace it. A "yes" beside it is stable too, else it would have.
    /// </summary>
    public void Compact(VersionVector stable)
    {
        if (Against.Count > 0 && Against.IsWithin(stable) && For.IsWithin(stable)) this = default;
    }

    public readonly void CollectReplicas(ReplicaTable table)
    {
        For.CollectReplicas(table);
        Against.CollectReplicas(table);
    }

    /// <summary>Two values: the dots for, the dots against.</summary>
    public readonly void Write(ref WireWriter writer)
    {
        writer.WriteDots(For.Span);
        writer.WriteDots(Against.Span);
    }

    public static Votes Read(ref WireReader reader, string field) => new() { For = new(reader.ReadDots(field)), Against = new(reader.ReadDots(field)) };

    public readonly void Check()
    {
        For.Check();
        Against.Check();
    }
}
