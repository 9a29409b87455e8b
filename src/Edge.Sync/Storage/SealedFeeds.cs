using Edge.Sync.Log;
using Microsoft.Data.Sqlite;

namespace Edge.Sync.Storage;

/// <summary>Which changes of a feed stand behind its last seal, in any database file.</summary>
internal static class SealedFeeds
{
    public static List<(FeedEnd End, int Bytes)> ReadUnsealed(SqliteConnection connection, ReplicaId replica)
    {
        var result = new List<(FeedEnd, int)>();
        using var command = connection.CreateCommand();
        command.CommandText = """
            SELECT c.last, c.id, length(c.bytes) FROM edge_feeds f JOIN edge_changes c ON c.feed = f.feed WHERE f.replica = $1
            AND c.last > coalesce((SELECT s.last FROM edge_changes s WHERE s.feed = f.feed AND s.seal IS NOT NULL ORDER BY s.last DESC LIMIT 1), 0) ORDER BY c.last
            """;
        command.Parameters.AddWithValue("$1", replica.ToByteArray());
        using var reader = command.ExecuteReader();
        while (reader.Read())
            result.Add((new(new(replica, (ulong)reader.GetInt64(0)), new(Hash256.FromBytes(reader.GetFieldValue<byte[]>(1)))), reader.GetInt32(2)));
        return result;
    }

    /// <summary>Stores seals of changes that are held.</summary>
    public static void Write(SqliteConnection connection, IReadOnlyList<Seal> seals)
    {
        if (seals.Count == 0) return;
        using var statement = new SqliteStatement(connection, "UPDATE edge_changes SET seal = ?3 WHERE feed = (SELECT feed FROM edge_feeds WHERE replica = ?1) AND last = ?2");
        foreach (var seal in seals)
            statement.Bind(1, seal.Last.Replica.ToByteArray()).Bind(2, (long)seal.Last.Counter).Bind(3, seal.Signature).Run();
    }
}
