namespace Edge.Sync.Causality;

/// <summary>
/// Names one operation: the <paramref name="Counter"/>-th of <paramref name="Replica"/>. Counters start at 1.
/// </summary>
/// <remarks>Dots sort by counter first, then replica: an arbitrary but common order, used where bytes must be canonical.</remarks>
internal readonly record struct Dot(ReplicaId Replica, ulong Counter) : IComparable<Dot>
{
    /// <summary>Counters stay exact in every JSON reader and leave headroom against hostile values.</summary>
    public const ulong CounterMax = (1UL << 53) - 1;

    /// <summary>The operation <paramref name="offset"/> places later in the same feed.</summary>
    public Dot Plus(ulong offset) => new(Replica, Counter + offset);

    public int CompareTo(Dot other)
    {
        var counter = Counter.CompareTo(other.Counter);
        return counter != 0 ? counter : Replica.CompareTo(other.Replica);
    }

    public override string ToString() => $"{Replica}:{Counter}";
}
