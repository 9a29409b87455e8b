namespace Edge.Sync.Crdts.Sequences;

/// <summary>The dots of one replica from <paramref name="First"/> to the one whose counter is <paramref name="Extent"/> higher, inclusive.</summary>
internal readonly record struct DotRange(Dot First, ulong Extent)
{
    public ulong LastCounter => First.Counter + Extent;

    /// <summary>Whether this range ends before <paramref name="other"/> begins, in the order of replicas and then counters.</summary>
    public bool IsBefore(DotRange other)
    {
        var order = First.Replica.CompareTo(other.First.Replica);
        return order < 0 || (order == 0 && LastCounter < other.First.Counter);
    }

    /// <summary>Ranges under other names, ascending; one that reaches from one name into the next is cut there, so that its ends need not be what it was made of.</summary>
    public static DotRange[] Named(ReadOnlySpan<DotRange> ranges, DotNames names)
    {
        var stretches = new List<(Dot First, ulong LastCounter)>(ranges.Length + 1);
        foreach (var range in ranges)
            names.Cut(range.First, range.LastCounter, stretches);
        stretches.Sort(static (a, b) => a.First.Replica != b.First.Replica ? a.First.Replica.CompareTo(b.First.Replica) : a.First.Counter.CompareTo(b.First.Counter));
        return [.. stretches.Select(static stretch => new DotRange(stretch.First, stretch.LastCounter - stretch.First.Counter))];
    }
}
