using System.Collections.Concurrent;
using Edge.Sync.Trust.Content;
using Microsoft.Data.Sqlite;

namespace Edge.Sync.Storage;

/// <summary>Read-only connections to a database file, so that reads never wait for the writer. Safe for use by several threads at once.</summary>
/// <param name="path">The file.</param>
/// <param name="prepare">Gives a new connection the functions that queries need.</param>
/// <param name="keys">The keys of documents; safe for use by several threads at once.</param>
internal sealed class SqliteReaders(string path, Action<SqliteConnection> prepare, IContentKeys keys) : IDisposable
{
    private const int IdleMax = 4;

    private readonly ConcurrentBag<ReaderConnection> _idle = [];
    private volatile bool _disposed;

    /// <summary>Runs <paramref name="read"/> with a connection of its own. What it sees is one moment of the database only within one statement.</summary>
    public T Use<T>(Func<SqliteConnection, T> read) => Read(reader => read(reader.Connection));

    /// <summary>As <see cref="Use"/>, with the statements that were prepared before.</summary>
    public T Read<T>(Func<ReaderConnection, T> read)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (!_idle.TryTake(out var connection)) connection = new(Open(static text => new(text)), path, keys);
        try { return read(connection); }
        catch (SqliteException e) { throw SqliteErrors.Translate(e, path); }
        catch (Exception e) when (SqliteErrors.IsForeignValue(e)) { throw SqliteErrors.ForeignValue(e, path); }
        finally
        {
            if (_idle.Count >= IdleMax) connection.Dispose();
            else _idle.Add(connection);
            // Disposed meanwhile: whoever adds last takes out what nobody else will.
            if (_disposed) Dispose();
        }
    }

    /// <summary>A connection that the caller disposes.</summary>
    public SqliteConnection OpenForApp()
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        var connection = Open(static text => new ReadConnection(text));
        // Read-only as a file already; this also refuses temporary tables, which would be lost without a word.
        SqliteStore.Execute(connection, "PRAGMA query_only = ON");
        return connection;
    }

    private SqliteConnection Open(Func<string, SqliteConnection> make)
    {
        var connection = make(new SqliteConnectionStringBuilder { DataSource = path, Mode = SqliteOpenMode.ReadOnly, Pooling = false }.ToString());
        try
        {
            connection.Open();
            SqliteStatement.SetPatience(connection);
            prepare(connection);
            return connection;
        }
        catch (SqliteException e)
        {
            connection.Dispose();
            throw SqliteErrors.Translate(e, path);
        }
    }

    public void Dispose()
    {
        _disposed = true;
        while (_idle.TryTake(out var connection))
            connection.Dispose();
    }
}
