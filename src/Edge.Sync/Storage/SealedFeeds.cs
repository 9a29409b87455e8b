using Edge.Sync.Log;
using Microsoft.Data.Sqlite;

namespace Edge.Sync.Storage;

/// <summary>Which changes of a feed stand behind its last seal, in any database file.</summary>
internal static class SealedFeeds
{
    /// <summary>The places of the changes of feed <c>f.feed</c> behind its last seal, as part of a statement.</summary>
    public static string UnsealedSql => FeedEnds.PositionsSql("f.feed", "> (SELECT coalesce(max(s.last), 0) FROM edge_changes s WHERE s.feed = f.feed AND s.seal IS NOT NULL)");

    public static List<(FeedEnd End, int Bytes)> ReadUnsealed(SqliteConnection connection, ReplicaId replica)
    {
        var result = new List<(FeedEnd, int)>();
        using var statement = new SqliteStatement(connection, $"""
            SELECT c.last, c.id, length(c.bytes) FROM edge_feeds f JOIN edge_changes c ON c.sequence IN ({UnsealedSql}) WHERE f.replica = ?1 ORDER BY c.sequence
            """);
        statement.Bind(1, replica.ToByteArray());
        while (statement.Step())
            result.Add((new(new(replica, (ulong)statement.Int64(0)), new(Hash256.FromBytes(statement.Blob(1)))), (int)statement.Int64(2)));
        return result;
    }

    /// <summary>Where the first change of a feed behind its last seal is in the log; null where all are sealed.</summary>
    public static long? FirstUnsealed(SqliteConnection connection, ReplicaId replica)
    {
        using var statement = new SqliteStatement(connection, $"""
            SELECT c.sequence FROM edge_feeds f JOIN edge_changes c ON c.sequence IN ({UnsealedSql}) WHERE f.replica = ?1 ORDER BY c.sequence LIMIT 1
            """);
        return statement.Bind(1, replica.ToByteArray()).Step() ? statement.Int64(0) : null;
    }

    /// <summary>Stores seals of changes that are held.</summary>
    public static void Write(SqliteConnection connection, IReadOnlyList<Seal> seals)
    {
        if (seals.Count == 0) return;
        using var statement = new SqliteStatement(connection, $"""
            UPDATE edge_changes SET seal = ?3 WHERE sequence IN ({FeedEnds.PositionsSql("(SELECT f.feed FROM edge_feeds f WHERE f.replica = ?1)", "= ?2")})
            """);
        foreach (var seal in seals)
            statement.Bind(1, seal.Last.Replica.ToByteArray()).Bind(2, (long)seal.Last.Counter).Bind(3, seal.Signature).Run();
    }
}
