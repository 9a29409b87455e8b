using Microsoft.Data.Sqlite;

namespace Edge.Sync.Storage;

/// <summary>
/// The undo histories of a file: local, never sent, written in the transaction of the commit that they belong to. Deleting the table's rows costs the
/// histories and nothing else.
/// </summary>
/// <remarks>
/// Each history has two stacks of rows. Rows with one step number are taken back together; step numbers of a stack are without gaps. <c>total</c> is
/// the sum of the bytes of all rows ever below and at one, so that the size of a stack is a difference. Called from the writer only.
/// </remarks>
internal sealed class UndoTable(SqliteStore store)
{
    private const int Undo = 0, Redo = 1;

    /// <summary>A row of a stack.</summary>
    internal readonly record struct Row(string History, int Stack, long Position, long Step, long Time, long Total, byte[] Bytes);

    public static int StackOf(bool undo) => undo ? Undo : Redo;

    /// <summary>Whether there is something to take back, and something to do again.</summary>
    public (bool CanUndo, bool CanRedo) Read(string history) => (Edge(history, Undo, "DESC") is not null, Edge(history, Redo, "DESC") is not null);

    public Row? Top(string history, int stack) => Edge(history, stack, "DESC");

    /// <summary>The rows of the newest step, the newest first.</summary>
    public List<Row> ReadTopStep(string history, int stack) =>
        Query("WHERE history = $1 AND stack = $2 AND step = (SELECT step FROM edge_undo WHERE history = $1 AND stack = $2 ORDER BY position DESC LIMIT 1) ORDER BY position DESC", history, stack);

    /// <summary>All rows of all histories.</summary>
    public List<Row> ReadAll() => Query("");

    /// <summary>Whether there ever was a history.</summary>
    public bool Exists()
    {
        using var command = store.Connection.CreateCommand();
        command.CommandText = "SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name = 'edge_undo'";
        return store.Guarded(() => (long)command.ExecuteScalar()! > 0);
    }

    public void Push(string history, int stack, Row? top, bool joinsTop, long time, byte[] bytes) => Execute(
        "INSERT INTO edge_undo (history, stack, position, step, time, total, bytes) VALUES ($1, $2, $3, $4, $5, $6, $7)",
        history, stack, (top?.Position ?? 0) + 1, top is null ? 1 : joinsTop ? top.Value.Step : top.Value.Step + 1, time, (top?.Total ?? 0) + bytes.Length, bytes);

    public void Replace(Row row, byte[] bytes) =>
        Execute("UPDATE edge_undo SET bytes = $4 WHERE history = $1 AND stack = $2 AND position = $3", row.History, row.Stack, row.Position, bytes);

    public void DeleteStep(string history, int stack, long step) => Execute("DELETE FROM edge_undo WHERE history = $1 AND stack = $2 AND step = $3", history, stack, step);

    public void Clear(string history, int stack) => Execute("DELETE FROM edge_undo WHERE history = $1 AND stack = $2", history, stack);

    /// <summary>Drops the oldest steps until a stack is within its limits. The newest stays.</summary>
    public void Trim(string history, int stack, int stepsMax, long bytesMax)
    {
        while (Edge(history, stack, "DESC") is { } top && Edge(history, stack, "ASC") is { } bottom && bottom.Step < top.Step
            && (top.Step - bottom.Step >= stepsMax || top.Total - bottom.Total + bottom.Bytes.Length > bytesMax))
            DeleteStep(history, stack, bottom.Step);
    }

    private Row? Edge(string history, int stack, string direction) =>
        Query($"WHERE history = $1 AND stack = $2 ORDER BY position {direction} LIMIT 1", history, stack) is [var row] ? row : null;

    private List<Row> Query(string condition, params ReadOnlySpan<object> values)
    {
        using var command = Command($"SELECT history, stack, position, step, time, total, bytes FROM edge_undo {condition}", values);
        return store.Guarded(() =>
        {
            var rows = new List<Row>();
            using var reader = command.ExecuteReader();
            while (reader.Read())
                rows.Add(new(reader.GetString(0), reader.GetInt32(1), reader.GetInt64(2), reader.GetInt64(3), reader.GetInt64(4), reader.GetInt64(5), reader.GetFieldValue<byte[]>(6)));
            return rows;
        });
    }

    private void Execute(string sql, params ReadOnlySpan<object> values)
    {
        using var command = Command(sql, values);
        store.Guarded(command.ExecuteNonQuery);
    }

    // The table is made when it is first needed: most files have no history. Made in a transaction that fails, it is made again.
    private SqliteCommand Command(string sql, ReadOnlySpan<object> values)
    {
        using (var create = store.Connection.CreateCommand())
        {
            create.CommandText = """
                CREATE TABLE IF NOT EXISTS edge_undo (
                    history TEXT NOT NULL, stack INTEGER NOT NULL, position INTEGER NOT NULL, step INTEGER NOT NULL,
                    time INTEGER NOT NULL, total INTEGER NOT NULL, bytes BLOB NOT NULL, PRIMARY KEY (history, stack, position)) WITHOUT ROWID
                """;
            store.Guarded(create.ExecuteNonQuery);
        }
        var command = store.Connection.CreateCommand();
        command.CommandText = sql;
        for (var i = 0; i < values.Length; i++)
            command.Parameters.AddWithValue($"${i + 1}", values[i]);
        return command;
    }
}
