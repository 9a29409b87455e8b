using Edge.Sync.Storage;
using Microsoft.Data.Sqlite;

namespace Edge.Sync.Projections.ReadModels;

/// <summary>The table that says which projections a file has, and how far they are.</summary>
internal sealed class ProjectionRows(SqliteConnection connection) : IDisposable
{
    private SqliteStatement? _savePosition, _saveNextPosition;

    public bool Exists() => Scalar("SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name = 'edge_read_models'") is 1L;

    public void Create() => Execute("""
        CREATE TABLE IF NOT EXISTS edge_read_models (
            name TEXT PRIMARY KEY, version INTEGER NOT NULL, fold INTEGER NOT NULL, position INTEGER NOT NULL, tables TEXT NOT NULL, generation INTEGER NOT NULL,
            next_version INTEGER NOT NULL, next_position INTEGER NOT NULL, next_tables TEXT NOT NULL, error TEXT) WITHOUT ROWID
        """);

    public Dictionary<string, ProjectionRow> Read()
    {
        var rows = new Dictionary<string, ProjectionRow>(StringComparer.Ordinal);
        using var command = Command("SELECT name, version, fold, position, tables, generation, next_version, next_position, next_tables, error FROM edge_read_models");
        using var reader = command.ExecuteReader();
        while (reader.Read())
            rows.Add(reader.GetString(0), new(reader.GetInt32(1), reader.GetInt32(2), reader.GetInt64(3), Split(reader.GetString(4)), reader.GetInt64(5))
            {
                NextVersion = reader.GetInt32(6),
                NextPosition = reader.GetInt64(7),
                NextTables = Split(reader.GetString(8)),
                Error = reader.IsDBNull(9) ? null : reader.GetString(9),
            });
        return rows;
    }

    public void Write(string name, ProjectionRow row) => Execute(
        "INSERT OR REPLACE INTO edge_read_models (name, version, fold, position, tables, generation, next_version, next_position, next_tables, error) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        name, row.Version, row.Fold, row.Position, Join(row.Tables), row.Generation, row.NextVersion, row.NextPosition, Join(row.NextTables), row.Error);

    public void Delete(string name) => Execute("DELETE FROM edge_read_models WHERE name = $1", name);

    /// <summary>What every commit writes that a projection takes part in.</summary>
    public void SavePosition(string name, long position, bool isShadow)
    {
        var statement = isShadow
            ? _saveNextPosition ??= new(connection, "UPDATE edge_read_models SET next_position = ?2 WHERE name = ?1")
            : _savePosition ??= new(connection, "UPDATE edge_read_models SET position = ?2 WHERE name = ?1");
        statement.Bind(1, name).Bind(2, position).Run();
    }

    public bool TableExists(string table) => Scalar("SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name = $1", table) is 1L;

    public object? Scalar(string sql, params ReadOnlySpan<object?> parameters)
    {
        using var command = Command(sql, parameters);
        return command.ExecuteScalar();
    }

    public void Execute(string sql, params ReadOnlySpan<object?> parameters)
    {
        using var command = Command(sql, parameters);
        command.ExecuteNonQuery();
    }

    public void Dispose()
    {
        _savePosition?.Dispose();
        _saveNextPosition?.Dispose();
        (_savePosition, _saveNextPosition) = (null, null);
    }

    private SqliteCommand Command(string sql, params ReadOnlySpan<object?> parameters)
    {
        var command = connection.CreateCommand();
        command.CommandText = sql;
        for (var i = 0; i < parameters.Length; i++)
            command.Parameters.AddWithValue($"${i + 1}", parameters[i] ?? DBNull.Value);
        return command;
    }

    private static string Join(string[] tables) => string.Join('\n', tables);

    private static string[] Split(string tables) => tables.Split('\n', StringSplitOptions.RemoveEmptyEntries);
}
