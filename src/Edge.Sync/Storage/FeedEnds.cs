using Edge.Sync.Log;
using Microsoft.Data.Sqlite;

namespace Edge.Sync.Storage;

/// <summary>Where the feeds end, in any database file: as its index says, and the changes after it.</summary>
/// <remarks>
/// The index of the log (the rows of <c>edge_feeds</c> and <c>edge_positions</c>) is brought up to date once in many commits, since each of its tables would cost a
/// commit a page more. The log's own rows say the rest: whoever reads the index reads them too.
/// </remarks>
internal static class FeedEnds
{
    /// <summary>The newest change that the index knows, as part of a statement.</summary>
    public const string IndexedSql = "(SELECT coalesce(max(value), 0) FROM edge_meta WHERE key = 'indexed')";

    /// <summary>The places of changes of a feed, as part of a statement.</summary>
    /// <param name="feed">SQL that gives the feed's number.</param>
    /// <param name="last">The condition on their last operation: an operator and what it compares with.</param>
    public static string PositionsSql(string feed, string last) => $"""
        SELECT p.sequence FROM edge_positions p WHERE p.feed = {feed} AND p.last {last}
        UNION ALL SELECT r.sequence FROM edge_changes r WHERE r.sequence > {IndexedSql} AND r.feed = {feed} AND r.last {last}
        """;

    /// <summary>Restores all feeds' ends and the heads in <paramref name="log"/>.</summary>
    /// <param name="connection">Any connection to the file.</param>
    /// <param name="log">Empty.</param>
    /// <param name="feed">Gets the number of each feed.</param>
    /// <param name="recent">Gets each change that the index does not know, in order of arrival.</param>
    public static void Restore(SqliteConnection connection, ChangeLog log, Action<ReplicaId, long>? feed = null, Action<Change, long>? recent = null)
    {
        RestoreIndexed(connection, log, feed);
        using var reader = new LogReader(connection);
        foreach (var stored in reader.ReadAfter(ReadIndexedSequence(connection)))
        {
            var change = Change.ParseStored(stored.Bytes);
            log.Append(change, stored.Id);
            recent?.Invoke(change, stored.Sequence);
        }
    }

    /// <summary>The feeds' ends and the heads, for those who only look.</summary>
    public static ChangeLog Read(SqliteConnection connection)
    {
        var log = NewLog();
        Restore(connection, log);
        return log;
    }

    /// <summary>What the index alone says.</summary>
    public static ChangeLog ReadIndexed(SqliteConnection connection)
    {
        var log = NewLog();
        RestoreIndexed(connection, log);
        return log;
    }

    private static long ReadIndexedSequence(SqliteConnection connection)
    {
        using var indexed = new SqliteStatement(connection, $"SELECT {IndexedSql}");
        return indexed.Step() ? indexed.Int64(0) : 0;
    }

    private static ChangeLog NewLog() => new(default, default, PublicKey.OfP256(new byte[DeviceKey.PublicKeySizeBytes]), NoIndex.Instance);

    private static void RestoreIndexed(SqliteConnection connection, ChangeLog log, Action<ReplicaId, long>? feed = null)
    {
        using var feeds = new SqliteStatement(connection, "SELECT feed, replica, last, last_id, is_head FROM edge_feeds");
        while (feeds.Step())
        {
            var last = new Dot(ReplicaId.FromBytes(feeds.Blob(1)), (ulong)feeds.Int64(2));
            feed?.Invoke(last.Replica, feeds.Int64(0));
            if (last.Counter == 0) continue;
            log.Restore(last, new(Hash256.FromBytes(feeds.Blob(3))));
            if (feeds.Int64(4) != 0) log.RestoreHead(last);
        }
    }

    // Whoever only looks asks for no older change.
    private sealed class NoIndex : IChangeIndex
    {
        public static NoIndex Instance { get; } = new();

        public bool TryGetChangeId(Dot last, out ChangeId id)
        {
            id = default;
            return false;
        }

        public bool TryGetNext(Dot before, out Dot last, out ChangeId id)
        {
            (last, id) = (default, default);
            return false;
        }

        public bool TryGetOwner(ReplicaId replica, out PublicKey owner)
        {
            owner = null!;
            return false;
        }
    }
}
