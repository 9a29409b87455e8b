using Microsoft.Data.Sqlite;

namespace Edge.Sync.Benchmarks.Store;

/// <summary>The floor: the same bytes as rows of one table without any index, through the same SQLite at the same durability.</summary>
internal sealed class RawSqlite : IDisposable
{
    private readonly SqliteConnection _connection;
    private readonly SqliteCommand _insert;

    public RawSqlite(string path, string synchronous = "NORMAL")
    {
        _connection = new(new SqliteConnectionStringBuilder { DataSource = path, Pooling = false }.ToString());
        _connection.Open();
        Execute($"PRAGMA journal_mode = WAL; PRAGMA synchronous = {synchronous}; CREATE TABLE rows (id INTEGER PRIMARY KEY, bytes BLOB NOT NULL)");
        _insert = _connection.CreateCommand();
        _insert.CommandText = "INSERT INTO rows (bytes) VALUES ($1)";
        _insert.Parameters.Add(new() { ParameterName = "$1" });
    }

    /// <summary>One transaction.</summary>
    public void Commit(byte[] bytes, int rows)
    {
        using var transaction = _connection.BeginTransaction(deferred: false);
        _insert.Transaction = transaction;
        for (var i = 0; i < rows; i++)
        {
            _insert.Parameters[0].Value = bytes;
            _insert.ExecuteNonQuery();
        }
        transaction.Commit();
    }

    public void Dispose()
    {
        _insert.Dispose();
        _connection.Dispose();
    }

    private void Execute(string sql)
    {
        using var command = _connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
