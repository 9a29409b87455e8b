namespace Edge.Sync.Documents;

/// <summary>Numbers the operations on fields that stay on this device: one row of numbers for the whole file, apart from those of the log.</summary>
internal sealed class LocalDots(ulong last)
{
    /// <summary>No replica of a log bears this id, so that no such operation is taken for one of the log's.</summary>
    public static ReplicaId Replica { get; } = ReplicaId.FromBytes([.. Enumerable.Repeat(byte.MaxValue, ReplicaId.SizeBytes)]);

    public ulong Last { get; private set; } = last;

    public Dot Next => new(Replica, Last + 1);

    public void Take(int count) => Last += (ulong)count;
}
