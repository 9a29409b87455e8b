using Edge.Sync.Trust.Content;
using Microsoft.Data.Sqlite;

namespace Edge.Sync.Storage;

/// <summary>A read-only connection with the statements that were prepared on it, for queries that come again and again. Not safe for use by several threads at once.</summary>
internal sealed class ReaderConnection(SqliteConnection connection, string path, IContentKeys keys) : IDisposable
{
    private const int StatementsMax = 128;

    private readonly Dictionary<string, SqliteStatement> _statements = new(StringComparer.Ordinal);
    private IDisposable? _companion;

    public SqliteConnection Connection => connection;

    public string Path => path;

    public IContentKeys Keys => keys;

    /// <summary>The statement for <paramref name="sql"/>, ready to be bound. Reset it after use, or it keeps its moment of the database.</summary>
    public SqliteStatement Prepare(string sql)
    {
        if (_statements.TryGetValue(sql, out var statement)) return statement;
        // Apps have few queries; one that makes ever new ones pays for preparing them.
        if (_statements.Count >= StatementsMax) Clear();
        _statements.Add(sql, statement = new(connection, sql));
        return statement;
    }

    /// <summary>What lives as long as the connection, made when first asked for.</summary>
    public T Companion<T>(Func<ReaderConnection, T> make) where T : class, IDisposable
    {
        if (_companion is T made) return made;
        _companion?.Dispose();
        _companion = made = make(this);
        return made;
    }

    /// <summary>Runs <paramref name="read"/> so that all its statements see one moment of the database.</summary>
    public T InOneMoment<T>(Func<ReaderConnection, T> read)
    {
        Prepare("BEGIN").Run();
        try { return read(this); }
        finally { Prepare("COMMIT").Run(); }
    }

    public void Dispose()
    {
        _companion?.Dispose();
        Clear();
        connection.Dispose();
    }

    private void Clear()
    {
        foreach (var statement in _statements.Values)
            statement.Dispose();
        _statements.Clear();
    }
}
