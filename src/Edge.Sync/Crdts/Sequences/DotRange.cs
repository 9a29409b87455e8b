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
}
