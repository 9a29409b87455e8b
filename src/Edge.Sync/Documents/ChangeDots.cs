namespace Edge.Sync.Documents;

/// <summary>Hands out the dots of a change that is being made.</summary>
internal sealed class ChangeDots
{
    private ulong _first;

    /// <summary>Begins with the next change.</summary>
    public void Start(ReplicaId replica, ulong first, HybridTimestamp stamp) => (Replica, _first, Stamp, Count) = (replica, first, stamp, 0);

    public ReplicaId Replica { get; private set; }

    public HybridTimestamp Stamp { get; private set; }

    /// <summary>How many dots have been taken.</summary>
    public int Count { get; private set; }

    public Dot Next => new(Replica, _first + (ulong)Count);

    public int OffsetOf(Dot dot) => (int)(dot.Counter - _first);

    public void Take(int count) => Count = checked(Count + count);
}
