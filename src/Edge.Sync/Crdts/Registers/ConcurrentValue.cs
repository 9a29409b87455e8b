namespace Edge.Sync.Crdts;

/// <summary>One of the values that a register holds at once: who wrote it, when, and what.</summary>
internal readonly record struct ConcurrentValue(Dot Dot, HybridTimestamp Stamp, ValueBytes Value) : IComparable<ConcurrentValue>
{
    /// <summary>By time, then replica, then counter: the last one is shown.</summary>
    public int CompareTo(ConcurrentValue other)
    {
        var order = Stamp.CompareTo(other.Stamp);
        if (order == 0) order = Dot.Replica.CompareTo(other.Dot.Replica);
        return order != 0 ? order : Dot.Counter.CompareTo(other.Dot.Counter);
    }
}
