using Microsoft.Data.Sqlite;

namespace Edge.Sync.Benchmarks.Store;

/// <summary>A second floor: the rows that a commit writes, in tables with the indexes that they need, and nothing else: no encoding, no hash, no document.</summary>
internal sealed class RawRows : IDisposable
{
    private readonly SqliteConnection _connection;
    private readonly SqliteCommand[] _statements;
    private long _sequence;

    public RawRows(string path, int documents)
    {
        _connection = new(new SqliteConnectionStringBuilder { DataSource = path, Pooling = false }.ToString());
        _connection.Open();
        using (var create = _connection.CreateCommand())
        {
            create.CommandText = $"""
                PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;
                CREATE TABLE changes (sequence INTEGER PRIMARY KEY, feed INTEGER NOT NULL, last INTEGER NOT NULL, id BLOB NOT NULL, bytes BLOB NOT NULL);
                CREATE UNIQUE INDEX by_feed ON changes (feed, last);
                CREATE TABLE feeds (feed INTEGER PRIMARY KEY, last INTEGER NOT NULL, last_id BLOB NOT NULL);
                CREATE TABLE documents (row INTEGER PRIMARY KEY, version INTEGER NOT NULL, tail BLOB NOT NULL);
                CREATE TABLE reading (row INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, sensor TEXT NOT NULL, value REAL NOT NULL, samples INTEGER NOT NULL);
                INSERT INTO feeds VALUES (1, 0, x'');
                WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {documents}) INSERT INTO documents SELECT i, 0, x'' FROM n;
                INSERT INTO reading SELECT row, printf('%032x', row), 'press 7, bearing', 0, 0 FROM documents;
                """;
            create.ExecuteNonQuery();
        }
        _statements = [
            Prepare("INSERT INTO changes VALUES ($1, 1, $1, $2, $3)", 3),
            Prepare("UPDATE documents SET version = $1, tail = $2 WHERE row = $3", 3),
            Prepare("UPDATE reading SET value = $1 WHERE row = $2", 2),
            Prepare("UPDATE feeds SET last = $1, last_id = $2 WHERE feed = 1", 2),
        ];
    }

    public void Commit(byte[] bytes, int rows, int documents)
    {
        var id = bytes.AsSpan(0, 32).ToArray();
        var tail = bytes.AsSpan(0, 8).ToArray();
        using var transaction = _connection.BeginTransaction(deferred: false);
        foreach (var statement in _statements)
            statement.Transaction = transaction;
        for (var i = 0; i < rows; i++)
        {
            _sequence++;
            var row = _sequence % documents + 1;
            Run(_statements[0], _sequence, id, bytes);
            Run(_statements[1], _sequence, tail, row);
            Run(_statements[2], (double)_sequence, row);
        }
        Run(_statements[3], _sequence, id);
        transaction.Commit();
    }

    public void Dispose()
    {
        foreach (var statement in _statements)
            statement.Dispose();
        _connection.Dispose();
    }

    private static void Run(SqliteCommand statement, params ReadOnlySpan<object> values)
    {
        for (var i = 0; i < values.Length; i++)
            statement.Parameters[i].Value = values[i];
        statement.ExecuteNonQuery();
    }

    private SqliteCommand Prepare(string sql, int parameters)
    {
        var command = _connection.CreateCommand();
        command.CommandText = sql;
        for (var i = 1; i <= parameters; i++)
            command.Parameters.Add(new() { ParameterName = $"${i}" });
        return command;
    }
}
