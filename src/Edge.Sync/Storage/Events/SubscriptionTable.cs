using Microsoft.Data.Sqlite;

namespace Edge.Sync.Storage;

/// <summary>How far each named subscription of a file is: local, never sent. Called from the writer only, inside transactions.</summary>
internal sealed class SubscriptionTable(SqliteStore store)
{
    /// <summary>The last position that was acknowledged, and of which collection; null for a name that was never used.</summary>
    public (string Collection, long Position)? Read(string name) => store.Guarded(() =>
    {
        if (!Exists()) return null;
        using var command = Command("SELECT collection, position FROM edge_subscriptions WHERE name = $1", name);
        using var reader = command.ExecuteReader();
        return reader.Read() ? (reader.GetString(0), reader.GetInt64(1)) : ((string, long)?)null;
    });

    public void Add(string name, string collection, long position) => store.Guarded(() =>
    {
        using (var create = Command("CREATE TABLE IF NOT EXISTS edge_subscriptions (name TEXT PRIMARY KEY, collection TEXT NOT NULL, position INTEGER NOT NULL) WITHOUT ROWID"))
            create.ExecuteNonQuery();
        using var command = Command("INSERT INTO edge_subscriptions (name, collection, position) VALUES ($1, $2, $3)", name, collection, position);
        return command.ExecuteNonQuery();
    });

    /// <summary>Moves a subscription on; false where it is not where it was thought to be any more.</summary>
    public bool Move(string name, long from, long to) => store.Guarded(() =>
    {
        using var command = Command("UPDATE edge_subscriptions SET position = $3 WHERE name = $1 AND position = $2", name, from, to);
        return command.ExecuteNonQuery() == 1;
    });

    /// <summary>Sets the subscriptions of a collection back to a position, where they are behind it: events have come to be readable that they have passed.</summary>
    public void Rewind(string collection, long position) => store.Guarded(() =>
    {
        if (!Exists()) return 0;
        using var command = Command("UPDATE edge_subscriptions SET position = $2 WHERE collection = $1 AND position > $2", collection, position);
        return command.ExecuteNonQuery();
    });

    public bool Remove(string name) => store.Guarded(() =>
    {
        if (!Exists()) return false;
        using var command = Command("DELETE FROM edge_subscriptions WHERE name = $1", name);
        return command.ExecuteNonQuery() == 1;
    });

    // Most files have no subscription, and no table.
    private bool Exists()
    {
        using var command = Command("SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name = 'edge_subscriptions'");
        return command.ExecuteScalar() is 1L;
    }

    private SqliteCommand Command(string sql, params ReadOnlySpan<object> values)
    {
        var command = store.Connection.CreateCommand();
        command.CommandText = sql;
        for (var i = 0; i < values.Length; i++)
            command.Parameters.AddWithValue($"${i + 1}", values[i]);
        return command;
    }
}
