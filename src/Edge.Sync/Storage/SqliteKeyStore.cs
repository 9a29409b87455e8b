using System.Globalization;
using System.Security.Cryptography;
using Edge.Sync.Trust.Content;
using Microsoft.Data.Sqlite;

namespace Edge.Sync.Storage;

/// <summary>The keys of a database file's documents, in a SQLite file of their own beside it: <c>FILE.keys</c>. Made with the first key.</summary>
/// <remarks>
/// SQLite and not a flat file, since a key is added in one page however many there are. A rollback journal and not a write-ahead log, in which old pages
/// would stay; rows are never deleted but overwritten in place, so no page is ever rebalanced and no copy of a key is left in its free space.
/// </remarks>
internal sealed class SqliteKeyStore : IKeyStore
{
    /// <summary>"EdKy" in ASCII.</summary>
    public const int ApplicationId = 0x45644B79;

    private const int FormatVersion = 1;

    // The writer stands still meanwhile, and nobody has long business in this file.
    private const int PatienceSeconds = 1;

    private readonly bool _isReadOnly;
    private SqliteConnection? _connection;
    private SqliteStatement? _find, _findOwn, _hasKeys;

    private SqliteKeyStore(string path, bool isReadOnly) => (Path, _isReadOnly) = (path, isReadOnly);

    public string Path { get; }

    public KeyMark? Mark { get; private set; }

    public long Count => _connection is null ? 0 : Guarded(() => (long)Scalar("SELECT count(*) FROM edge_keys WHERE secret <> zeroblob(32)")!);

    /// <summary>Where the keys of a database file are.</summary>
    public static string PathOf(string path) => ((File.Exists(path) ? File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName : null) ?? path) + ".keys";

    /// <summary>Opens the keys beside a database file; there may be none yet.</summary>
    /// <exception cref="EdgeStorageException">The key file cannot be opened, or is none. It was left as it is.</exception>
    public static SqliteKeyStore Open(string databasePath, bool isReadOnly = false)
    {
        var store = new SqliteKeyStore(PathOf(databasePath), isReadOnly);
        if (!File.Exists(store.Path)) return store;
        try
        {
            store.Guarded(() => { store.Connect(); return true; });
            return store;
        }
        catch
        {
            store.Dispose();
            throw;
        }
    }

    public ContentKey? Find(ContentKeyId id) => _connection is null ? null : Guarded(() =>
    {
        try { return _find!.Bind(1, id.ToByteArray()).Step() ? Read(_find) : null; }
        finally { _find!.Reset(); }
    });

    public ContentKey? FindOwn(DocumentKey document, ReplicaId author) => _connection is null ? null : Guarded(() =>
    {
        try { return _findOwn!.Bind(1, document.Collection).Bind(2, document.Id.ToByteArray()).Bind(3, author.ToByteArray()).Step() ? Read(_findOwn) : null; }
        finally { _findOwn!.Reset(); }
    });

    public bool HasKeys(DocumentKey document) => _connection is not null && Guarded(() =>
    {
        try { return _hasKeys!.Bind(1, document.Collection).Bind(2, document.Id.ToByteArray()).Step(); }
        finally { _hasKeys!.Reset(); }
    });

    public IReadOnlyCollection<string> ReadCollections() => Query("SELECT DISTINCT collection FROM edge_keys", static row => row.GetString(0));

    public IReadOnlyCollection<DocumentKey> ReadForgotten() =>
        Query("SELECT collection, document FROM edge_forgotten", static row => new DocumentKey(row.GetString(0), DocumentId.FromBytes(row.GetFieldValue<byte[]>(1))));

    public void Add(IReadOnlyCollection<(ContentKey Key, ReplicaId? Author)> keys) => Write(() =>
    {
        foreach (var (key, author) in keys)
        {
            Execute("""
                INSERT INTO edge_keys (id, collection, document, author, secret) SELECT $1, $2, $3, $4, $5
                WHERE NOT EXISTS (SELECT 1 FROM edge_forgotten WHERE collection = $2 AND document = $3) ON CONFLICT (id) DO NOTHING
                """, key.Id.ToByteArray(), key.Document.Collection, key.Document.Id.ToByteArray(), author is { } by ? by.ToByteArray() : DBNull.Value, key.Secret.ToArray());
        }
    });

    public void Forget(IReadOnlyCollection<DocumentKey> documents) => Write(() =>
    {
        foreach (var document in documents)
        {
            Execute("UPDATE edge_keys SET secret = zeroblob(32) WHERE collection = $1 AND document = $2", document.Collection, document.Id.ToByteArray());
            Execute("INSERT INTO edge_forgotten (collection, document) VALUES ($1, $2) ON CONFLICT DO NOTHING", document.Collection, document.Id.ToByteArray());
        }
    });

    public void Adopt()
    {
        if (_connection is not null) Write(() => Execute("UPDATE edge_meta SET value = $1 WHERE key = 'store'", RandomNumberGenerator.GetBytes(16)));
    }

    /// <summary>Copies the keys as they are now. The file gets its name once it is whole and on the medium.</summary>
    public void CopyTo(string path)
    {
        if (_connection is null) return;
        if (File.Exists(path)) throw new EdgeStorageException(EdgeErrorCode.StorageUnreachable, path, $"'{path}' exists already. Choose another path for the backup, or delete it first.");
        var partial = path + ".partial";
        try
        {
            Reserve(partial, FileMode.Create);
            using (var copy = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = partial, Pooling = false }.ToString()))
            {
                copy.Open();
                _connection.BackupDatabase(copy);
            }
            using (var file = new FileStream(partial, FileMode.Open, FileAccess.ReadWrite))
                file.Flush(flushToDisk: true);
            File.Move(partial, path);
        }
        catch (Exception e) when (e is SqliteException or IOException or UnauthorizedAccessException)
        {
            File.Delete(partial);
            throw e is SqliteException sqlite ? SqliteErrors.Translate(sqlite, path) : new EdgeStorageException(EdgeErrorCode.StorageUnreachable, path, $"'{path}' cannot be written: {e.Message}", e);
        }
    }

    public void Dispose()
    {
        _find?.Dispose();
        _findOwn?.Dispose();
        _hasKeys?.Dispose();
        _connection?.Dispose();
        _connection = null;
    }

    private static ContentKey? Read(SqliteStatement row)
    {
        var secret = row.Blob(2);
        return secret.IndexOfAnyExcept((byte)0) < 0 ? null : ContentKey.Import(new(row.Text(0), DocumentId.FromBytes(row.Blob(1))), secret);
    }

    /// <summary>All of <paramref name="work"/>, durably, or nothing; the file is made where there is none.</summary>
    private void Write(Action work) => Guarded(() =>
    {
        if (_connection is null) Connect();
        SqliteStore.InTransaction(_connection!, () =>
        {
            work();
            Execute("UPDATE edge_meta SET value = value + 1 WHERE key = 'generation'");
        });
        ReadMark();
        return true;
    });

    private void Connect()
    {
        if (!_isReadOnly) Reserve(Path, FileMode.OpenOrCreate);
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = Path, Mode = _isReadOnly ? SqliteOpenMode.ReadOnly : SqliteOpenMode.ReadWrite, Pooling = false, DefaultTimeout = PatienceSeconds }.ToString());
        try
        {
            connection.Open();
            SqliteStatement.SetPatience(connection);
            var isNew = IsNew(connection);
            if (!_isReadOnly) SqliteStore.Execute(connection, "PRAGMA journal_mode = DELETE; PRAGMA synchronous = EXTRA; PRAGMA secure_delete = ON; PRAGMA temp_store = MEMORY;");
            if (isNew) SqliteStore.InTransaction(connection, () => Create(connection));
            _find = new(connection, "SELECT collection, document, secret FROM edge_keys WHERE id = ?1");
            _findOwn = new(connection, "SELECT collection, document, secret FROM edge_keys WHERE collection = ?1 AND document = ?2 AND author = ?3");
            _hasKeys = new(connection, "SELECT 1 FROM edge_keys WHERE collection = ?1 AND document = ?2 LIMIT 1");
            _connection = connection;
            ReadMark();
        }
        catch
        {
            connection.Dispose();
            _connection = null;
            throw;
        }
    }

    private bool IsNew(SqliteConnection connection)
    {
        long Number(string sql)
        {
            using var command = connection.CreateCommand();
            command.CommandText = sql;
            return Convert.ToInt64(command.ExecuteScalar(), CultureInfo.InvariantCulture);
        }

        var (application, version) = (Number("PRAGMA application_id"), Number("PRAGMA user_version") - 1);
        // A process that ended while it made the file leaves it empty.
        if (application == 0 && version == -1 && Number("SELECT count(*) FROM sqlite_schema") == 0)
            return _isReadOnly ? throw new EdgeStorageException(EdgeErrorCode.NotADatabase, Path, $"'{Path}' is empty: it holds no keys.") : true;
        if (application != ApplicationId) throw new EdgeStorageException(EdgeErrorCode.NotADatabase, Path, $"'{Path}' holds no keys of Edge.Sync. It was left as it is; put back the key file that belongs beside the database.");
        if (version > FormatVersion) throw new EdgeStorageException(EdgeErrorCode.NewerFormat, Path, $"'{Path}' has format version {version}; this version of Edge.Sync knows {FormatVersion} and older. Update Edge.Sync; the file was left as it is.");
        return false;
    }

    private static void Create(SqliteConnection connection)
    {
        SqliteStore.Execute(connection, $"""
            CREATE TABLE edge_meta (key TEXT PRIMARY KEY, value BLOB NOT NULL) WITHOUT ROWID;
            CREATE TABLE edge_keys (row INTEGER PRIMARY KEY, id BLOB NOT NULL UNIQUE, collection TEXT NOT NULL, document BLOB NOT NULL, author BLOB, secret BLOB NOT NULL);
            CREATE INDEX edge_keys_by_document ON edge_keys (collection, document);
            CREATE TABLE edge_forgotten (collection TEXT NOT NULL, document BLOB NOT NULL, PRIMARY KEY (collection, document)) WITHOUT ROWID;
            INSERT INTO edge_meta (key, value) VALUES ('store', x'{Convert.ToHexString(RandomNumberGenerator.GetBytes(16))}'), ('generation', 0);
            PRAGMA application_id = {ApplicationId.ToString(CultureInfo.InvariantCulture)};
            PRAGMA user_version = {(FormatVersion + 1).ToString(CultureInfo.InvariantCulture)};
            """);
    }

    /// <summary>Makes a file that nobody but its owner may read, where the system has such rights.</summary>
    private static void Reserve(string path, FileMode mode)
    {
        var options = new FileStreamOptions { Mode = mode, Access = FileAccess.ReadWrite, Share = FileShare.ReadWrite };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using var file = new FileStream(path, options);
    }

    private void ReadMark()
    {
        var store = KeyMark.FromBytes([.. (byte[])Scalar("SELECT value FROM edge_meta WHERE key = 'store'")!, .. new byte[sizeof(long)]]);
        Mark = store with { Generation = (long)Scalar("SELECT value FROM edge_meta WHERE key = 'generation'")! };
    }

    private List<T> Query<T>(string sql, Func<SqliteDataReader, T> read) => _connection is null ? [] : Guarded(() =>
    {
        using var command = _connection.CreateCommand();
        command.CommandText = sql;
        using var reader = command.ExecuteReader();
        var rows = new List<T>();
        while (reader.Read()) rows.Add(read(reader));
        return rows;
    });

    private object? Scalar(string sql)
    {
        using var command = _connection!.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteScalar();
    }

    private void Execute(string sql, params ReadOnlySpan<object> values)
    {
        using var command = _connection!.CreateCommand();
        command.CommandText = sql;
        for (var i = 0; i < values.Length; i++)
            command.Parameters.AddWithValue($"${i + 1}", values[i]);
        command.ExecuteNonQuery();
    }

    private T Guarded<T>(Func<T> action)
    {
        try { return action(); }
        catch (Exception e) when (SqliteErrors.TryTranslate(e, Path, out var error)) { throw error; }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException) { throw new EdgeStorageException(EdgeErrorCode.StorageUnreachable, Path, $"'{Path}' cannot be opened: {e.Message}", e); }
    }
}
