using Microsoft.Data.Sqlite;

namespace Edge.Sync.Benchmarks.Series;

/// <summary>The same points as rows of one table of SQLite, as one would write them by hand: keys by number, the key and the time as the table's own key.</summary>
internal sealed class RawPoints : IDisposable
{
    private readonly SqliteConnection _connection;
    private readonly SqliteCommand _insert;
    private readonly Dictionary<string, long> _keys = [];

    public RawPoints(string path)
    {
        _connection = new(new SqliteConnectionStringBuilder { DataSource = path, Pooling = false }.ToString());
        _connection.Open();
        Execute("PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; CREATE TABLE points (key INTEGER NOT NULL, at INTEGER NOT NULL, vibration REAL NOT NULL, temperature REAL NOT NULL, PRIMARY KEY (key, at)) WITHOUT ROWID");
        _insert = _connection.CreateCommand();
        _insert.CommandText = "INSERT OR REPLACE INTO points VALUES ($1, $2, $3, $4)";
        for (var i = 1; i <= 4; i++) _insert.Parameters.Add(new() { ParameterName = $"${i}" });
    }

    /// <summary>One transaction.</summary>
    public void Append(ReadOnlySpan<Sensor> points)
    {
        using var transaction = _connection.BeginTransaction(deferred: false);
        _insert.Transaction = transaction;
        foreach (var point in points)
        {
            if (!_keys.TryGetValue(point.Press, out var key)) _keys.Add(point.Press, key = _keys.Count);
            _insert.Parameters[0].Value = key;
            _insert.Parameters[1].Value = point.At.UtcTicks;
            _insert.Parameters[2].Value = (double)point.Vibration;
            _insert.Parameters[3].Value = (double)point.Temperature;
            _insert.ExecuteNonQuery();
        }
        transaction.Commit();
    }

    public int Read(string press, DateTimeOffset from, DateTimeOffset end)
    {
        using var command = _connection.CreateCommand();
        command.CommandText = "SELECT at, vibration, temperature FROM points WHERE key = $1 AND at >= $2 AND at < $3 ORDER BY at";
        Bind(command, _keys[press], from.UtcTicks, end.UtcTicks);
        using var rows = command.ExecuteReader();
        var points = new List<Sensor>();
        while (rows.Read()) points.Add(new(press, new(rows.GetInt64(0), TimeSpan.Zero), rows.GetFloat(1), rows.GetFloat(2)));
        return points.Count;
    }

    public int Downsample(string press, TimeSpan bucket)
    {
        using var command = _connection.CreateCommand();
        command.CommandText = "SELECT at / $2, count(*), min(vibration), max(vibration), avg(vibration), min(temperature), max(temperature), avg(temperature) FROM points WHERE key = $1 GROUP BY 1 ORDER BY 1";
        Bind(command, _keys[press], bucket.Ticks);
        using var rows = command.ExecuteReader();
        var count = 0;
        while (rows.Read()) count += rows.GetDouble(4) >= 0 ? 1 : 0;
        return count;
    }

    public void Dispose()
    {
        _insert.Dispose();
        _connection.Dispose();
    }

    private static void Bind(SqliteCommand command, params ReadOnlySpan<object> values)
    {
        for (var i = 0; i < values.Length; i++) command.Parameters.AddWithValue($"${i + 1}", values[i]);
    }

    private void Execute(string sql)
    {
        using var command = _connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
