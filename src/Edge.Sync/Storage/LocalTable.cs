using Microsoft.Data.Sqlite;

namespace Edge.Sync.Storage;

/// <summary>The fields that stay on this device: a row for each document that has any. The log knows nothing of it, so it can be made again from nowhere.</summary>
internal static class LocalTable
{
    /// <summary>last is the newest operation in the state; see docs/formats.md.</summary>
    public const string CreateSql = "CREATE TABLE IF NOT EXISTS edge_local (collection TEXT NOT NULL, id BLOB NOT NULL, last INTEGER NOT NULL, state BLOB NOT NULL, PRIMARY KEY (collection, id)) WITHOUT ROWID";

    /// <summary>The state of a document's local fields; null where it has none.</summary>
    public static byte[]? Read(SqliteConnection connection, DocumentKey key) => Read(connection, key, "state") as byte[];

    /// <summary>The newest operation at the time when a document's local fields were written: their version; 0 where there are none.</summary>
    public static long ReadVersion(SqliteConnection connection, DocumentKey key) => Read(connection, key, "last") as long? ?? 0;

    private static object? Read(SqliteConnection connection, DocumentKey key, string column)
    {
        using var command = connection.CreateCommand();
        command.CommandText = $"SELECT {column} FROM edge_local WHERE collection = $1 AND id = $2";
        command.Parameters.AddWithValue("$1", key.Collection);
        command.Parameters.AddWithValue("$2", key.Id.ToByteArray());
        return command.ExecuteScalar();
    }

    public static void Write(SqliteConnection connection, DocumentKey key, ulong last, byte[] state)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "INSERT OR REPLACE INTO edge_local (collection, id, last, state) VALUES ($1, $2, $3, $4)";
        command.Parameters.AddWithValue("$1", key.Collection);
        command.Parameters.AddWithValue("$2", key.Id.ToByteArray());
        command.Parameters.AddWithValue("$3", (long)last);
        command.Parameters.AddWithValue("$4", state);
        command.ExecuteNonQuery();
    }

    public static void Remove(SqliteConnection connection, DocumentKey key)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "DELETE FROM edge_local WHERE collection = $1 AND id = $2";
        command.Parameters.AddWithValue("$1", key.Collection);
        command.Parameters.AddWithValue("$2", key.Id.ToByteArray());
        command.ExecuteNonQuery();
    }

    /// <summary>The newest operation of all; 0 before the first.</summary>
    public static ulong ReadLast(SqliteConnection connection)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT coalesce(max(last), 0) FROM edge_local";
        return (ulong)(long)command.ExecuteScalar()!;
    }
}
