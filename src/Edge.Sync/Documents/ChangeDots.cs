namespace Edge.Sync.Documents;

/// <summary>Hands out the dots of a change that is being made.</summary>
internal sealed class ChangeDots(ReplicaId replica, ulong first, HybridTimestamp stamp)
{
    public ReplicaId Replica => replica;

    public HybridTimestamp Stamp => stamp;

    /// <summary>How many dots have been taken.</summary>
    public int Count { get; private set; }

    public Dot Next => new(replica, first + (ulong)Count);

    public int OffsetOf(Dot dot) => (int)(dot.Counter - first);

    public void Take(int count) => Count = checked(Count + count);
}
