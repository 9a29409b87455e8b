using Edge.Sync.Storage;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Edge.Sync.Projections.ReadModels;

/// <summary>The tables of one projection whose writes are recorded, and taken back: triggers that record, and statements that take back.</summary>
/// <remarks>A row is found again by its primary key; where there is none, by its row id and all that is in it, since <c>VACUUM</c> gives such rows other ids. What is not found ends the taking back: the tables are made again.</remarks>
internal sealed class UndoTables : IDisposable
{
    // A function takes 127 arguments; a row that is updated hands over its key and all of it.
    private const int ArgumentsMax = 127;

    private readonly SqliteConnection _connection;
    private readonly List<Table> _tables = [];

    private UndoTables(SqliteConnection connection) => _connection = connection;

    /// <summary>Makes the triggers; null where a table is of a kind whose rows cannot be put back as they were: virtual ones, those with AUTOINCREMENT, very wide ones.</summary>
    /// <param name="connection">The writer's.</param>
    /// <param name="tables">The tables as they are called now, in an order that stays when they are renamed.</param>
    public static UndoTables? TryCreate(SqliteConnection connection, IReadOnlyList<string> tables)
    {
        if (tables.Count > byte.MaxValue) return null;
        var result = new UndoTables(connection);
        foreach (var name in tables)
        {
            if (Look(connection, name) is not { } shape)
            {
                result.Dispose();
                return null;
            }
            result.Add(name, shape);
        }
        result.CreateTriggers();
        return result;
    }

    /// <summary>Makes the triggers where they are missing.</summary>
    public void CreateTriggers()
    {
        for (var number = 0; number < _tables.Count; number++)
        {
            var (name, shape) = (_tables[number].Name, _tables[number].Shape);
            if (shape.Row.Length == 0) continue;
            var (came, went) = (Values("new", shape.Key), Values("old", shape.Row));
            Trigger("INSERT", $"{number}, {RowUndo.Came}{came}");
            Trigger("UPDATE", $"{number}, {RowUndo.Came | RowUndo.Went}{came}{went}");
            Trigger("DELETE", $"{number}, {RowUndo.Went}{went}");

            void Trigger(string write, string arguments) => Execute(
                $"CREATE TEMP TRIGGER IF NOT EXISTS {TriggerName(name, write)} AFTER {write} ON main.{SqlName.Quote(name)} BEGIN SELECT {RowUndo.Function}({arguments}); END");
        }

        static string Values(string row, string[] columns) => string.Concat(columns.Select(column => $", {row}.{column}"));
    }

    /// <summary>Takes back what was recorded, newest first.</summary>
    /// <exception cref="InvalidOperationException">A row is not as it was left.</exception>
    /// <exception cref="SqliteException">The same; or the medium fails.</exception>
    public void TakeBack(ReadOnlySpan<byte> undo)
    {
        var starts = RowUndo.Split(undo, table => (_tables[table].Shape.Key.Length, _tables[table].Shape.Row.Length));
        for (var i = starts.Count - 1; i >= 0; i--)
        {
            var (table, kind, at) = (_tables[undo[starts[i]]], undo[starts[i] + 1], starts[i] + 2);
            if ((kind & RowUndo.Came) != 0)
            {
                at = Run(table.Delete ??= new(_connection, table.DeleteSql), undo, at, table.Shape.Key.Length);
                if (raw.sqlite3_changes(_connection.Handle) != 1) throw new InvalidOperationException($"A row of {table.Name} is gone that a projection has written.");
            }
            if ((kind & RowUndo.Went) != 0) Run(table.Insert ??= new(_connection, table.InsertSql), undo, at, table.Shape.Row.Length);
        }
    }

    /// <summary>Removes the triggers.</summary>
    public void Remove()
    {
        foreach (var table in _tables)
            foreach (var write in s_writes)
                Execute($"DROP TRIGGER IF EXISTS temp.{TriggerName(table.Name, write)}");
        Dispose();
    }

    public void Dispose()
    {
        foreach (var table in _tables)
        {
            table.Delete?.Dispose();
            table.Insert?.Dispose();
        }
        _tables.Clear();
    }

    private static readonly string[] s_writes = ["INSERT", "UPDATE", "DELETE"];

    private static int Run(SqliteStatement statement, ReadOnlySpan<byte> undo, int at, int count)
    {
        for (var i = 0; i < count; i++)
            at += RowUndo.Bind(statement, i + 1, undo[at..]);
        statement.Run();
        return at;
    }

    private void Add(string name, Shape shape)
    {
        var table = SqlName.Quote(name);
        _tables.Add(new(name, shape,
            $"DELETE FROM main.{table} WHERE {string.Join(" AND ", shape.Key.Select(static (column, i) => $"{column} IS ?{i + 1}"))}",
            $"INSERT INTO main.{table} ({string.Join(", ", shape.Row)}) VALUES ({string.Join(", ", shape.Row.Select(static (_, i) => $"?{i + 1}"))})"));
    }

    private static string TriggerName(string table, string write) => SqlName.Quote($"edge_undo_{table}_{write}");

    /// <summary>What names a row, and what it has: quoted. A view has nothing.</summary>
    private static Shape? Look(SqliteConnection connection, string name)
    {
        using var about = new SqliteStatement(connection, "SELECT l.type, l.wr, s.sql FROM pragma_table_list l JOIN sqlite_schema s ON s.name = l.name WHERE l.schema = 'main' AND l.name = ?1");
        if (!about.Bind(1, name).Step()) return null;
        var (type, isWithoutRowId, sql) = (about.Text(0), about.Int64(1) != 0, about.Text(2));
        if (type == "view") return new([], []);
        if (type != "table" || sql.Contains("AUTOINCREMENT", StringComparison.OrdinalIgnoreCase)) return null;
        var columns = new List<(string Name, long Key)>();
        var names = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        using var statement = new SqliteStatement(connection, "SELECT name, pk, hidden FROM pragma_table_xinfo(?1) ORDER BY cid");
        statement.Bind(1, name);
        while (statement.Step())
        {
            names.Add(statement.Text(0));
            // Those that are computed are so again.
            if (statement.Int64(2) == 0) columns.Add((SqlName.Quote(statement.Text(0)), statement.Int64(1)));
        }
        string[] row = [.. columns.Select(static column => column.Name)];
        if (!isWithoutRowId)
        {
            if (Array.Find(["rowid", "_rowid_", "oid"], alias => !names.Contains(alias)) is not { } rowId) return null;
            row = [rowId, .. row];
        }
        string[] key = [.. columns.Where(static column => column.Key > 0).Select(static column => column.Name)];
        if (key.Length == 0) key = row;
        return 2 + key.Length + row.Length <= ArgumentsMax ? new(key, row) : null;
    }

    private void Execute(string sql)
    {
        using var command = _connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    private sealed record Shape(string[] Key, string[] Row);

    private sealed record Table(string Name, Shape Shape, string DeleteSql, string InsertSql)
    {
        public SqliteStatement? Delete { get; set; }

        public SqliteStatement? Insert { get; set; }
    }
}
