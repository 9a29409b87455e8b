using Microsoft.Data.Sqlite;

namespace Edge.Sync.Storage;

/// <summary>
/// Copies the write-ahead log into the file on a connection of its own, so that no commit waits for the two disk syncs that this takes: they made
/// one commit in 200 a hundred times as slow.
/// </summary>
internal sealed class SqliteCheckpointer(string path, SqliteConnection writer) : IDisposable
{
    /// <summary>As SQLite's own default: 4 MB.</summary>
    private const int PagesMax = 1000;

    /// <summary>The writer is too quick for the copy beside it to ever reach the log's end, where the log begins anew: it then waits for one copy. 32 MB.</summary>
    private const int PagesBehindMax = 8 * PagesMax;

    // The writer stands still meanwhile: readers are short, or long enough to try again later.
    private const int TruncatePatienceMs = 50;

    private const int PagesWritten = 9; // SQLITE_DBSTATUS_CACHE_WRITE

    private readonly Lock _lock = new();
    private SqliteConnection? _connection;
    private int _pagesStart, _pages, _pagesBehind;
    private bool _running, _disposed;

    /// <summary>Whether <see cref="Run"/> should be called, on any thread. True once for each call that is due.</summary>
    public bool TakeDue()
    {
        if (Volatile.Read(ref _pages) < PagesMax) return false;
        lock (_lock) return !_running && !_disposed && (_running = true);
    }

    /// <summary>Copies what it can without waiting for readers or for the writer. Where it fails nothing is lost: the next one goes on.</summary>
    public void Run()
    {
        lock (_lock)
        {
            try
            {
                if (_disposed) return;
                if (_connection is null)
                {
                    _connection = new(new SqliteConnectionStringBuilder { DataSource = path, Pooling = false }.ToString());
                    _connection.Open();
                }
                Checkpoint(_connection);
            }
            catch (SqliteException) { /* a full or failing medium is told to those who write */ }
            finally
            {
                Volatile.Write(ref _pages, 0);
                _running = false;
            }
        }
    }

    /// <summary>Called by the writer after each commit.</summary>
    public void OnCommitted()
    {
        if (SQLitePCL.raw.sqlite3_db_status(writer.Handle, PagesWritten, out var written, out _, resetFlg: 0) != SQLitePCL.raw.SQLITE_OK) return;
        Volatile.Write(ref _pages, _pages + Math.Max(0, written - _pagesStart));
        _pagesBehind += Math.Max(0, written - _pagesStart);
        _pagesStart = written;
        if (_pagesBehind < PagesBehindMax) return;
        _pagesBehind = 0;
        try { Checkpoint(writer); }
        catch (SqliteException) { /* the commit stands */ }
    }

    /// <summary>Copies all of the write-ahead log into the file and leaves it empty. Called by the writer; false where a reader still needs it.</summary>
    public bool TryTruncate()
    {
        lock (_lock)
        {
            SQLitePCL.raw.sqlite3_busy_timeout(writer.Handle, TruncatePatienceMs);
            try
            {
                using var command = writer.CreateCommand();
                command.CommandText = "PRAGMA wal_checkpoint(TRUNCATE)";
                using var reader = command.ExecuteReader();
                return reader.Read() && reader.GetInt64(0) == 0;
            }
            finally { SqliteStatement.SetPatience(writer); }
        }
    }

    public void Dispose()
    {
        lock (_lock)
        {
            _disposed = true;
            _connection?.Dispose();
        }
    }

    private static void Checkpoint(SqliteConnection connection)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "PRAGMA wal_checkpoint(PASSIVE)";
        command.ExecuteNonQuery();
    }
}
