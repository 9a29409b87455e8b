using Edge.Sync.Log;

namespace Edge.Sync.Storage;

/// <summary>An event of a stream, as it lies in the table of events.</summary>
/// <param name="Position">Its place in this file: see <see cref="PositionOf"/>.</param>
/// <param name="Stream">The stream's document.</param>
/// <param name="Depth">One more than the greatest depth of any event of the database that its author had seen.</param>
/// <param name="Stamp">Its change's time.</param>
/// <param name="Dot">The operation that appended it.</param>
/// <param name="Value">The event's bytes.</param>
internal readonly record struct StoredEvent(long Position, DocumentKey Stream, ulong Depth, HybridTimestamp Stamp, Dot Dot, ReadOnlyMemory<byte> Value)
{
    private const int OffsetBits = 20;

    /// <summary>The order of arrival: by the change's place in the log, then by the operation's place in the change. It follows from the log, so that a table that is made again has the same.</summary>
    public static long PositionOf(long sequence, ulong offset) => (sequence << OffsetBits) | (long)offset;

    /// <summary>Behind all events of a change.</summary>
    public static long LastPositionOf(long sequence) => PositionOf(sequence, (1UL << OffsetBits) - 1);

    /// <summary>The change that holds the event.</summary>
    public long Sequence => Position >> OffsetBits;

    /// <summary>The order that all replicas have: it extends causality, whatever the clocks say.</summary>
    public int CompareOrder(in StoredEvent other)
    {
        var order = Depth.CompareTo(other.Depth);
        if (order == 0) order = Stamp.CompareTo(other.Stamp);
        if (order == 0) order = Dot.Replica.CompareTo(other.Dot.Replica);
        return order != 0 ? order : Dot.Counter.CompareTo(other.Dot.Counter);
    }
}
