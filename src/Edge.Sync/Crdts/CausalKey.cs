namespace Edge.Sync.Crdts;

/// <summary>
/// Where an operation stands in the one order that every replica has of a log of operations: (depth in the log's own past, hybrid time, replica,
/// counter).
/// </summary>
/// <remarks>
/// The order extends causality, whatever the clocks say: an author writes one more than the greatest depth it had seen. Time decides between
/// operations of equal depth only, which are concurrent. Depth is taken as written, by everyone: a false one moves its own operation and cannot
/// part replicas.
/// </remarks>
internal readonly record struct CausalKey(ulong Depth, HybridTimestamp Stamp, Dot Dot) : IComparable<CausalKey>
{
    /// <summary>The depth of an operation that follows one of <paramref name="depth"/>. At the end of the range, time and dot decide alone.</summary>
    public static ulong Next(ulong depth) => Math.Min(depth + 1, Dot.CounterMax);

    public int CompareTo(CausalKey other)
    {
        var order = Depth.CompareTo(other.Depth);
        if (order == 0) order = Stamp.CompareTo(other.Stamp);
        if (order == 0) order = Dot.Replica.CompareTo(other.Dot.Replica);
        return order != 0 ? order : Dot.Counter.CompareTo(other.Dot.Counter);
    }
}
