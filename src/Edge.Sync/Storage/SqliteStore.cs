using System.Text;
using Edge.Sync.Log;
using Microsoft.Data.Sqlite;

namespace Edge.Sync.Storage;

/// <summary>One replica in one SQLite file, in WAL mode. See <see cref="IStore"/> for the rules.</summary>
/// <remarks>
/// Commits run with <c>synchronous=NORMAL</c>: they survive the end of the process and cost no disk sync. <see cref="Sync"/> commits one row
/// with <c>FULL</c>, which syncs the write-ahead log with all that came before. SQLite calls are synchronous; they run on the writer.
/// </remarks>
internal sealed partial class SqliteStore : IStore
{
    private readonly FileLock _lock;
    private readonly SqliteConnection _connection;
    private readonly SqliteCheckpointer _checkpointer;
    private readonly Dictionary<ReplicaId, long> _feeds = [];
    private readonly HashSet<ReplicaId> _touched = []; // since the index was written
    private object _replica = default(ReplicaId);
    private readonly List<SqliteStatement> _statements = [];
    private readonly SqliteStatement _begin, _commit;
    private bool _isOpen, _isIndexed;
    private (long Sequence, ChangeId Id) _committed, _appended;

    private SqliteStore(string path, FileLock fileLock, SqliteConnection connection, ReplicaId replica, DatabaseId database, bool wasCopied)
    {
        (Path, _lock, _connection, Replica, Database, WasCopied) = (path, fileLock, connection, replica, database, wasCopied);
        _begin = Prepare("BEGIN IMMEDIATE");
        _commit = Prepare("COMMIT");
        PrepareLog();
        PrepareDocuments();
        PrepareAbsent();
        PrepareEvents();
        _checkpointer = new(path, connection);
    }

    public string Path { get; }

    // Boxed: other threads ask for it while the writer changes it.
    public ReplicaId Replica
    {
        get => (ReplicaId)Volatile.Read(ref _replica);
        private set => Volatile.Write(ref _replica, value);
    }

    public DatabaseId Database { get; }

    /// <summary>Whether this is a copy that was opened for the first time, now.</summary>
    public bool WasCopied { get; }

    public long LastSequence => _committed.Sequence;

    public long SyncedSequence { get; private set; }

    /// <summary>Called on the writer when all that is committed has come to survive a power cut.</summary>
    public Action? Synced { get; set; }

    /// <summary>For the projections, which write in the same transaction.</summary>
    public SqliteConnection Connection => _connection;

    /// <summary>Copies the write-ahead log into the file, beside the writer.</summary>
    public SqliteCheckpointer Checkpointer => _checkpointer;

    /// <summary>Opens a file, or makes it with a fresh replica id.</summary>
    /// <exception cref="EdgeStorageException">The file cannot be opened, or is not ours; it was left as it is.</exception>
    public static SqliteStore Open(string path, string databaseName, EdgeRandom random, SqliteFormat? format = null, bool mayEvict = false) =>
        Open(path, databaseName, DatabaseId.OfOpen(databaseName), random, mayEvict, format);

    /// <summary>The same, of a database with an id that its name alone does not give.</summary>
    /// <param name="path">The file.</param>
    /// <param name="databaseName">The database's name; for a new file, and for messages.</param>
    /// <param name="database">The database's id; null takes that of the file, or for a new one that of the name.</param>
    /// <param name="random">Where the id of a new replica comes from.</param>
    /// <param name="mayEvict">For a new file.</param>
    /// <param name="format">The layout; that of this version where it is null.</param>
    /// <exception cref="EdgeStorageException">The file cannot be opened, or is not ours; it was left as it is.</exception>
    public static SqliteStore Open(string path, string databaseName, DatabaseId? database, EdgeRandom random, bool mayEvict, SqliteFormat? format = null) =>
        OpenOrCreate(path, databaseName, database, random, format ?? SqliteFormat.Current, mayEvict);

    /// <summary>Makes a file for a database that is known by its id.</summary>
    public static SqliteStore Create(string path, string databaseName, DatabaseId database, EdgeRandom random, bool mayEvict) => OpenOrCreate(path, databaseName, database, random, SqliteFormat.Current, mayEvict);

    private static SqliteStore OpenOrCreate(string path, string databaseName, DatabaseId? expected, EdgeRandom random, SqliteFormat format, bool mayEvict)
    {
        var fileLock = FileLock.Acquire(path);
        SqliteConnection? connection = null;
        try
        {
            connection = new(new SqliteConnectionStringBuilder { DataSource = path, Pooling = false }.ToString());
            connection.Open();
            SqliteStatement.SetPatience(connection);
            // Nothing is written before it is known that the file is ours, of this database and writable.
            var version = SqliteSchema.Verify(connection, path, format.Version);
            var database = expected ?? (version is null ? DatabaseId.OfOpen(databaseName) : new(Hash256.FromBytes(ReadMeta(connection, path, "database"))));
            ReplicaId? replica = version is null ? null : ReadReplica(connection, path, databaseName, database);
            if (SQLitePCL.raw.sqlite3_db_readonly(connection.Handle, "main") == 1)
                throw new EdgeStorageException(EdgeErrorCode.StorageReadOnly, path, $"'{path}' cannot be written. Check the permissions of the file and its folder.");
            if (version is null) Execute(connection, $"PRAGMA page_size = {SqliteSchema.PageBytes}");
            // The checkpointer copies the write-ahead log into the file; SQLite would do so inside of commits.
            Execute(connection, "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA temp_store = MEMORY; PRAGMA foreign_keys = OFF; PRAGMA wal_autocheckpoint = 0;");
            // Read models have triggers that refuse to be written to; not by this connection.
            SQLitePCL.raw.sqlite3_db_config(connection.Handle, SQLitePCL.raw.SQLITE_DBCONFIG_ENABLE_TRIGGER, 0, out _);
            if (version < format.Version) format.Upgrade(connection, path, version.Value);
            var wasCopied = version is not null && SqliteCopy.IsMarked(connection);
            if (replica is null)
            {
                replica = random.NextReplicaId();
                Create(connection, databaseName, database, replica.Value, mayEvict);
            }
            else if (wasCopied)
            {
                replica = random.NextReplicaId();
                SqliteCopy.Adopt(connection, replica.Value);
            }
            EnsureDerived(connection);
            return new(path, fileLock, connection, replica.Value, database, wasCopied);
        }
        catch (Exception e)
        {
            connection?.Dispose();
            fileLock.Dispose();
            if (SqliteErrors.TryTranslate(e, path, out var error)) throw error;
            throw;
        }
    }

    public void Begin(ChangeLog log)
    {
        try
        {
            SqliteStatement.SetPatience(_connection);
            _begin.Run();
            _isOpen = true;
            _appended = _committed;
            ForgetAppendedEvents();
            if (ReadLast() == _committed) return;
        }
        catch (Exception e) when (SqliteErrors.TryTranslate(e, Path, out var error)) { throw error; }
        // Two writers of one file would fork its feed.
        Rollback();
        throw new EdgeStorageException(EdgeErrorCode.StorageLocked, Path, $"Another process has written to '{Path}' although this one holds its lock. Close both, and keep one writer for one file.");
    }

    public void Settle(ChangeLog log) => Guarded(() =>
    {
        if (_recent.Count > 0) WriteIndex(log);
        return true;
    });

    public void Commit(ChangeLog log)
    {
        try
        {
            if (_recent.Count >= RecentMax) WriteIndex(log);
            _commit.Run();
        }
        catch (Exception e) when (SqliteErrors.TryTranslate(e, Path, out var error)) { throw error; }
        _isOpen = false;
        _committed = _appended;
        if (_isIndexed)
        {
            _isIndexed = false;
            _touched.Clear();
            _recent.Clear();
        }
        _checkpointer.OnCommitted();
    }

    public void Rollback()
    {
        // The log is loaded again before anything else is done: what is noted of it goes with it.
        (_isIndexed, _appended, _lastEventDepth) = (false, _committed, null);
        ForgetAppendedEvents();
        if (!_isOpen) return;
        _isOpen = false;
        // After an error such as a full disk SQLite may have rolled back by itself; what counts is that nothing of it is committed.
        if (SQLitePCL.raw.sqlite3_get_autocommit(_connection.Handle) == 0) SQLitePCL.raw.sqlite3_exec(_connection.Handle, "ROLLBACK");
    }

    public void Sync(IReadOnlyList<Seal> seals) => Guarded(() =>
    {
        if (SyncedSequence == LastSequence && seals.Count == 0 && _areSectionsSynced) return true;
        Execute(_connection, "PRAGMA synchronous = FULL");
        try
        {
            InTransaction(_connection, () =>
            {
                SealedFeeds.Write(_connection, seals);
                WriteMeta(_connection, "synced", LastSequence);
            });
            SyncedSequence = LastSequence;
            _areSectionsSynced = true;
            Synced?.Invoke();
        }
        finally { Execute(_connection, "PRAGMA synchronous = NORMAL"); }
        return true;
    });

    public void Dispose()
    {
        _checkpointer.Dispose();
        _log.Dispose();
        foreach (var statement in _statements)
            statement.Dispose();
        _connection.Dispose();
        _lock.Dispose();
    }

    /// <summary>Runs <paramref name="action"/>, turning SQLite's errors into ours.</summary>
    public T Guarded<T>(Func<T> action)
    {
        try { return action(); }
        catch (Exception e) when (SqliteErrors.TryTranslate(e, Path, out var error)) { throw error; }
    }

    private SqliteStatement Prepare(string sql)
    {
        var statement = new SqliteStatement(_connection, sql);
        _statements.Add(statement);
        return statement;
    }

    /// <summary>Makes the tables of what follows from the log where another version has left others. They are empty then: whoever folds the log sees that by <see cref="FoldVersion"/>.</summary>
    private static void EnsureDerived(SqliteConnection connection)
    {
        using (var local = connection.CreateCommand())
        {
            local.CommandText = LocalTable.CreateSql + ";" + CreateEvictedSql;
            local.ExecuteNonQuery();
        }
        if (AreDerivedCurrent(connection)) return;
        InTransaction(connection, () =>
        {
            SqliteSchema.CreateDerived(connection);
            WriteMeta(connection, "layout", SqliteSchema.DerivedLayout);
            WriteMeta(connection, "fold", 0);
            WriteMeta(connection, "indexed", 0);
        });
    }

    /// <summary>Whether the tables of what follows from the log are as this version makes them. If not, they are made again when the file is next opened to write.</summary>
    internal static bool AreDerivedCurrent(SqliteConnection connection) => ReadNumber(connection, "layout") == SqliteSchema.DerivedLayout;

    private static long ReadNumber(SqliteConnection connection, string key)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT value FROM edge_meta WHERE key = $1";
        command.Parameters.AddWithValue("$1", key);
        return command.ExecuteScalar() as long? ?? 0;
    }

    internal static void WriteMeta(SqliteConnection connection, string key, object value)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "INSERT INTO edge_meta (key, value) VALUES ($1, $2) ON CONFLICT (key) DO UPDATE SET value = excluded.value";
        command.Parameters.AddWithValue("$1", key);
        command.Parameters.AddWithValue("$2", value);
        command.ExecuteNonQuery();
    }

    private static ReplicaId ReadReplica(SqliteConnection connection, string path, string databaseName, DatabaseId database)
    {
        if (Hash256.FromBytes(ReadMeta(connection, path, "database")) == database.Hash) return ReplicaId.FromBytes(ReadMeta(connection, path, "replica"));
        var name = Encoding.UTF8.GetString(ReadMeta(connection, path, "name"));
        throw new EdgeStorageException(EdgeErrorCode.OtherDatabase, path, name == databaseName
            ? $"'{path}' is a replica of a database '{name}' with another pairing key. Set EdgeDatabaseOptions.PairingKey to the one that it was made with, or choose another file."
            : $"'{path}' is a replica of database '{name}', not of '{databaseName}'. Set EdgeDatabaseOptions.Name to '{name}', or choose another file.");
    }

    private static void Create(SqliteConnection connection, string name, DatabaseId database, ReplicaId replica, bool mayEvict) => InTransaction(connection, () =>
    {
        SqliteSchema.Create(connection);
        WriteMeta(connection, "name", Encoding.UTF8.GetBytes(name));
        WriteMeta(connection, "database", database.Hash.ToByteArray());
        WriteMeta(connection, "replica", replica.ToByteArray());
        WriteMeta(connection, "key", SoftwareKey.Create().Export());
        if (mayEvict) WriteMeta(connection, MayEvictMark, 1L);
    });

    internal static byte[]? TryReadMeta(SqliteConnection connection, string key)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT value FROM edge_meta WHERE key = $1";
        command.Parameters.AddWithValue("$1", key);
        return command.ExecuteScalar() as byte[];
    }

    internal static byte[] ReadMeta(SqliteConnection connection, string path, string key)
    {
        return TryReadMeta(connection, key)
            ?? throw new EdgeStorageException(EdgeErrorCode.StorageDamaged, path, $"'{path}' lacks its entry '{key}'. Keep a copy of it and repair it, or restore the last backup.");
    }

    /// <summary>All of <paramref name="work"/> or nothing.</summary>
    internal static void InTransaction(SqliteConnection connection, Action work)
    {
        Execute(connection, "BEGIN IMMEDIATE");
        try
        {
            work();
            Execute(connection, "COMMIT");
        }
        catch
        {
            if (SQLitePCL.raw.sqlite3_get_autocommit(connection.Handle) == 0) SQLitePCL.raw.sqlite3_exec(connection.Handle, "ROLLBACK");
            throw;
        }
    }

    internal static void Execute(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
