using Edge.Sync.Log;

namespace Edge.Sync.Storage;

/// <summary>The rows of the table of events, for statements on any connection.</summary>
internal static class EventRow
{
    public const string Columns = "position, collection, stream, depth, time, replica, counter, value";

    /// <summary>The order that all replicas have: see <see cref="StoredEvent.CompareOrder"/>.</summary>
    public const string Order = "depth, time, replica, counter";

    /// <param name="row">A row whose first columns are <see cref="Columns"/>.</param>
    public static StoredEvent Read(SqliteStatement row) => new(row.Int64(0), new(row.Text(1), DocumentId.FromBytes(row.Blob(2))),
        (ulong)row.Int64(3), new(FromSorted(row.Int64(4))), new(ReplicaId.FromBytes(row.Blob(5)), (ulong)row.Int64(6)), row.Blob(7).ToArray());

    /// <summary>A stamp as SQLite's signed integers sort it.</summary>
    public static long ToSorted(HybridTimestamp stamp) => (long)(stamp.Value ^ (1UL << 63));

    private static ulong FromSorted(long value) => (ulong)value ^ (1UL << 63);
}
