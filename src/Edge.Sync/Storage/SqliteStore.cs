using System.Text;
using Edge.Sync.Log;
using Microsoft.Data.Sqlite;

namespace Edge.Sync.Storage;

/// <summary>One replica in one SQLite file, in WAL mode. See <see cref="IStore"/> for the rules.</summary>
/// <remarks>
/// Commits run with <c>synchronous=NORMAL</c>: they survive the end of the process and cost no disk sync. <see cref="Sync"/> commits one row
/// with <c>FULL</c>, which syncs the write-ahead log with all that came before. SQLite calls are synchronous; they run on the writer.
/// </remarks>
internal sealed class SqliteStore : IStore
{
    private readonly FileLock _lock;
    private readonly SqliteConnection _connection;
    private readonly Dictionary<ReplicaId, long> _feeds = [];
    private readonly HashSet<ReplicaId> _touched = [];
    private readonly SqliteCommand _insertChange, _upsertFeed, _insertFeed, _findId, _findFirst, _seal, _readDocument, _writeDocument, _readChanges, _readHead, _findSequence, _insertHistory, _readHistory;
    private SqliteTransaction? _transaction;
    private long _appended;

    private SqliteStore(string path, FileLock fileLock, SqliteConnection connection, ReplicaId replica, DatabaseId database)
    {
        (Path, _lock, _connection, Replica, Database) = (path, fileLock, connection, replica, database);
        _insertChange = Prepare("INSERT INTO edge_changes (sequence, feed, last, id, bytes, seal) VALUES ($1, $2, $3, $4, $5, $6)", 6);
        _insertFeed = Prepare("INSERT INTO edge_feeds (replica, last, last_id, is_head) VALUES ($1, 0, x'', 0) RETURNING feed", 1);
        _upsertFeed = Prepare("UPDATE edge_feeds SET last = $2, last_id = $3, is_head = $4 WHERE feed = $1", 4);
        _findId = Prepare("SELECT id FROM edge_changes WHERE feed = $1 AND last = $2", 2);
        _findFirst = Prepare("SELECT bytes FROM edge_changes WHERE feed = $1 ORDER BY last LIMIT 1", 1);
        _seal = Prepare("UPDATE edge_changes SET seal = $3 WHERE feed = $1 AND last = $2", 3);
        _readDocument = Prepare("SELECT state FROM edge_documents WHERE collection = $1 AND id = $2", 2);
        _writeDocument = Prepare("""
            INSERT INTO edge_documents (collection, id, present, version, state) VALUES ($1, $2, $3, $4, $5)
            ON CONFLICT (collection, id) DO UPDATE SET present = excluded.present, version = excluded.version, state = excluded.state RETURNING row
            """, 5);
        _readChanges = Prepare("SELECT c.sequence, f.replica, c.last, c.id, c.bytes, c.seal FROM edge_changes c JOIN edge_feeds f ON f.feed = c.feed WHERE c.sequence > $1 ORDER BY c.sequence", 1);
        _findSequence = Prepare("SELECT sequence FROM edge_changes WHERE feed = $1 AND last > $2 ORDER BY last LIMIT 1", 2);
        _insertHistory = Prepare("INSERT INTO edge_history (document, sequence) VALUES ($1, $2)", 2);
        _readHistory = Prepare("""
            SELECT c.sequence, f.replica, c.last, c.id, c.bytes, c.seal FROM edge_documents d JOIN edge_history h ON h.document = d.row JOIN edge_changes c ON c.sequence = h.sequence
            JOIN edge_feeds f ON f.feed = c.feed WHERE d.collection = $1 AND d.id = $2 AND h.sequence > $3 ORDER BY h.sequence
            """, 3);
        _readHead = Prepare("SELECT last_id FROM edge_feeds WHERE replica = $1", 1);
    }

    public string Path { get; }

    public ReplicaId Replica { get; }

    public DatabaseId Database { get; }

    public long LastSequence { get; private set; }

    public long SyncedSequence { get; private set; }

    /// <summary>For the projections, which write in the same transaction.</summary>
    public SqliteConnection Connection => _connection;

    public SqliteTransaction? Transaction => _transaction;

    /// <summary>Opens a file, or makes it with a fresh replica id.</summary>
    /// <exception cref="EdgeStorageException">The file cannot be opened, or is not ours; it was left as it is.</exception>
    public static SqliteStore Open(string path, string databaseName, EdgeRandom random)
    {
        var fileLock = FileLock.Acquire(path);
        SqliteConnection? connection = null;
        try
        {
            connection = new(new SqliteConnectionStringBuilder { DataSource = path, Pooling = false }.ToString());
            connection.Open();
            // Nothing is written before it is known that the file is ours, of this database and writable.
            var database = DatabaseId.OfOpen(databaseName);
            ReplicaId? replica = SqliteSchema.Verify(connection, path) ? ReadReplica(connection, path, databaseName, database) : null;
            if (SQLitePCL.raw.sqlite3_db_readonly(connection.Handle, "main") == 1)
                throw new EdgeStorageException(EdgeErrorCode.StorageReadOnly, path, $"'{path}' cannot be written. Check the permissions of the file and its folder.");
            Execute(connection, "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA temp_store = MEMORY; PRAGMA foreign_keys = OFF;");
            if (replica is null)
            {
                replica = random.NextReplicaId();
                Create(connection, databaseName, database, replica.Value);
            }
            return new(path, fileLock, connection, replica.Value, database);
        }
        catch (Exception e)
        {
            connection?.Dispose();
            fileLock.Dispose();
            if (e is SqliteException sqlite) throw SqliteErrors.Translate(sqlite, path);
            if (SqliteErrors.IsForeignValue(e)) throw SqliteErrors.ForeignValue(e, path);
            throw;
        }
    }

    public HybridTimestamp Load(ChangeLog log) => Guarded(() =>
    {
        _feeds.Clear();
        _touched.Clear();
        using (var command = _connection.CreateCommand())
        {
            command.CommandText = "SELECT feed, replica, last, last_id, is_head FROM edge_feeds";
            using var reader = command.ExecuteReader();
            while (reader.Read())
            {
                var replica = ReplicaId.FromBytes(reader.GetFieldValue<byte[]>(1));
                _feeds[replica] = reader.GetInt64(0);
                var last = new Dot(replica, (ulong)reader.GetInt64(2));
                if (last.Counter == 0) continue;
                log.Restore(last, new(Hash256.FromBytes(reader.GetFieldValue<byte[]>(3))));
                if (reader.GetBoolean(4)) log.RestoreHead(last);
            }
        }
        LastSequence = (long)Scalar("SELECT coalesce(max(sequence), 0) FROM edge_changes")!;
        _appended = LastSequence;
        if (log.Held[Replica] == 0) return default;
        using var own = _connection.CreateCommand();
        own.CommandText = "SELECT bytes FROM edge_changes WHERE feed = $1 AND last = $2";
        own.Parameters.AddWithValue("$1", _feeds[Replica]);
        own.Parameters.AddWithValue("$2", (long)log.Held[Replica]);
        return Change.Parse((byte[])own.ExecuteScalar()!).Header.Timestamp;
    });

    public void Begin(ChangeLog log) => Guarded(() =>
    {
        _transaction = _connection.BeginTransaction(deferred: false);
        _appended = LastSequence;
        var command = Use(_readHead);
        command.Parameters[0].Value = Replica.ToByteArray();
        var stored = command.ExecuteScalar() is byte[] { Length: Hash256.SizeBytes } bytes ? new ChangeId(Hash256.FromBytes(bytes)) : default;
        if (stored == log.LastId(Replica)) return true;
        // Two writers of one file would fork its feed.
        Rollback();
        throw new EdgeStorageException(EdgeErrorCode.StorageLocked, Path, $"Another process has written to '{Path}' although this one holds its lock. Close both, and keep one writer for one file.");
    });

    public IReadOnlyList<(FeedEnd End, int Bytes)> ReadUnsealed() => Guarded(() =>
    {
        var result = new List<(FeedEnd, int)>();
        if (!_feeds.TryGetValue(Replica, out var feed)) return result;
        using var command = _connection.CreateCommand();
        command.CommandText = """
            SELECT last, id, length(bytes) FROM edge_changes WHERE feed = $1
            AND last > coalesce((SELECT last FROM edge_changes WHERE feed = $1 AND seal IS NOT NULL ORDER BY last DESC LIMIT 1), 0) ORDER BY last
            """;
        command.Parameters.AddWithValue("$1", feed);
        using var reader = command.ExecuteReader();
        while (reader.Read())
            result.Add((new(new(Replica, (ulong)reader.GetInt64(0)), new(Hash256.FromBytes(reader.GetFieldValue<byte[]>(1)))), reader.GetInt32(2)));
        return result;
    });

    public long Append(Change change, ChangeId id, ReadOnlyMemory<byte> signature = default) => Guarded(() =>
    {
        var last = change.Header.Last;
        var command = Use(_insertChange);
        command.Parameters[0].Value = ++_appended;
        command.Parameters[1].Value = FeedOf(last.Replica);
        command.Parameters[2].Value = (long)last.Counter;
        command.Parameters[3].Value = id.ToByteArray();
        command.Parameters[4].Value = ToArray(change.Bytes);
        command.Parameters[5].Value = signature.IsEmpty ? DBNull.Value : signature.ToArray();
        command.ExecuteNonQuery();
        _touched.Add(last.Replica);
        foreach (var dependency in change.Header.Dependencies)
            _touched.Add(dependency.Replica);
        return _appended;
    });

    public byte[]? ReadDocument(DocumentKey key) => Guarded(() =>
    {
        var command = Use(_readDocument);
        command.Parameters[0].Value = key.Collection;
        command.Parameters[1].Value = key.Id.ToByteArray();
        return (byte[]?)command.ExecuteScalar();
    });

    public long WriteDocument(DocumentKey key, ReadOnlyMemory<byte> state, bool exists, IReadOnlyList<long> sequences) => Guarded(() =>
    {
        var command = Use(_writeDocument);
        command.Parameters[0].Value = key.Collection;
        command.Parameters[1].Value = key.Id.ToByteArray();
        command.Parameters[2].Value = exists;
        command.Parameters[3].Value = sequences[^1];
        command.Parameters[4].Value = ToArray(state);
        var row = (long)command.ExecuteScalar()!;
        var history = Use(_insertHistory);
        history.Parameters[0].Value = row;
        foreach (var sequence in sequences)
        {
            history.Parameters[1].Value = sequence;
            history.ExecuteNonQuery();
        }
        return row;
    });

    public void Commit(ChangeLog log) => Guarded(() =>
    {
        foreach (var replica in _touched)
        {
            var command = Use(_upsertFeed);
            command.Parameters[0].Value = FeedOf(replica);
            command.Parameters[1].Value = (long)log.Held[replica];
            command.Parameters[2].Value = log.LastId(replica).ToByteArray();
            command.Parameters[3].Value = log.IsHead(replica);
            command.ExecuteNonQuery();
        }
        _transaction!.Commit();
        _transaction.Dispose();
        _transaction = null;
        _touched.Clear();
        LastSequence = _appended;
        return true;
    });

    public void Rollback()
    {
        _touched.Clear();
        _appended = LastSequence;
        if (_transaction is null) return;
        try { _transaction.Rollback(); }
        catch (Exception e) when (e is SqliteException or InvalidOperationException)
        {
            // After an error such as a full disk SQLite may have rolled back by itself; what counts is that nothing of it is committed.
        }
        _transaction.Dispose();
        _transaction = null;
    }

    public void Sync(IReadOnlyList<Seal> seals) => Guarded(() =>
    {
        if (SyncedSequence == LastSequence && seals.Count == 0) return true;
        Execute(_connection, "PRAGMA synchronous = FULL");
        try
        {
            using var transaction = _connection.BeginTransaction(deferred: false);
            foreach (var seal in seals)
            {
                _seal.Transaction = transaction;
                _seal.Parameters[0].Value = _feeds[seal.Last.Replica];
                _seal.Parameters[1].Value = (long)seal.Last.Counter;
                _seal.Parameters[2].Value = seal.Signature;
                _seal.ExecuteNonQuery();
            }
            using var command = _connection.CreateCommand();
            command.CommandText = "INSERT INTO edge_meta (key, value) VALUES ('synced', $1) ON CONFLICT (key) DO UPDATE SET value = excluded.value";
            command.Transaction = transaction;
            command.Parameters.AddWithValue("$1", LastSequence);
            command.ExecuteNonQuery();
            transaction.Commit();
            SyncedSequence = LastSequence;
        }
        finally { Execute(_connection, "PRAGMA synchronous = NORMAL"); }
        return true;
    });

    public bool TryGetChangeId(Dot last, out ChangeId id)
    {
        id = Guarded(() =>
        {
            if (!_feeds.TryGetValue(last.Replica, out var feed)) return default;
            var command = Use(_findId);
            command.Parameters[0].Value = feed;
            command.Parameters[1].Value = (long)last.Counter;
            return command.ExecuteScalar() is byte[] bytes ? new ChangeId(Hash256.FromBytes(bytes)) : default;
        });
        return id != default;
    }

    public bool TryGetOwner(ReplicaId replica, out PublicKey owner)
    {
        owner = Guarded(() =>
        {
            if (!_feeds.TryGetValue(replica, out var feed)) return null;
            var command = Use(_findFirst);
            command.Parameters[0].Value = feed;
            return command.ExecuteScalar() is byte[] bytes ? Change.Parse(bytes).Header.Owner : null;
        })!;
        return owner is not null;
    }

    /// <summary>The key that was made with the file.</summary>
    public SoftwareKey ReadKey() => Guarded(() =>
    {
        try { return SoftwareKey.Import(ReadMeta(_connection, Path, "key")); }
        catch (System.Security.Cryptography.CryptographicException e)
        {
            throw new EdgeStorageException(EdgeErrorCode.StorageDamaged, Path, $"The device key in '{Path}' is damaged. Keep a copy of the file and restore the last backup, or sync a new file from a peer.", e);
        }
    });

    public IReadOnlyList<StoredChange> ReadChanges(long afterSequence, int bytesMax) => Guarded(() =>
    {
        var command = Use(_readChanges);
        command.Parameters[0].Value = afterSequence;
        return ReadChanges(command, bytesMax);
    });

    public IReadOnlyList<StoredChange> ReadDocumentChanges(DocumentKey key, long afterSequence, int bytesMax) => Guarded(() =>
    {
        var command = Use(_readHistory);
        command.Parameters[0].Value = key.Collection;
        command.Parameters[1].Value = key.Id.ToByteArray();
        command.Parameters[2].Value = afterSequence;
        return ReadChanges(command, bytesMax);
    });

    private static List<StoredChange> ReadChanges(SqliteCommand command, int bytesMax)
    {
        var result = new List<StoredChange>();
        var bytes = 0;
        using var reader = command.ExecuteReader();
        while ((bytes < bytesMax || result.Count == 0) && reader.Read())
        {
            var change = reader.GetFieldValue<byte[]>(4);
            bytes += change.Length;
            result.Add(new(reader.GetInt64(0), new(ReplicaId.FromBytes(reader.GetFieldValue<byte[]>(1)), (ulong)reader.GetInt64(2)),
                new(Hash256.FromBytes(reader.GetFieldValue<byte[]>(3))), change, reader.IsDBNull(5) ? default : reader.GetFieldValue<byte[]>(5)));
        }
        return result;
    }

    public long FirstSequenceAfter(ReplicaId replica, ulong counter) => Guarded(() =>
    {
        if (!_feeds.TryGetValue(replica, out var feed)) return long.MaxValue;
        var command = Use(_findSequence);
        command.Parameters[0].Value = feed;
        command.Parameters[1].Value = (long)counter;
        return command.ExecuteScalar() is long sequence ? sequence : long.MaxValue;
    });

    public IEnumerable<(DocumentKey Key, byte[] State)> ReadDocuments()
    {
        using var command = _connection.CreateCommand();
        command.Transaction = _transaction;
        command.CommandText = "SELECT collection, id, state FROM edge_documents ORDER BY collection, id";
        using var reader = Guarded(command.ExecuteReader);
        while (Guarded(() => reader.Read() ? ReadDocument(reader) : ((DocumentKey, byte[])?)null) is { } document)
            yield return document;
    }

    public void Dispose()
    {
        foreach (var command in (SqliteCommand[])[_insertChange, _insertFeed, _upsertFeed, _findId, _findFirst, _seal, _readDocument, _writeDocument, _readChanges, _readHead, _findSequence, _insertHistory, _readHistory])
            command.Dispose();
        _transaction?.Dispose();
        _connection.Dispose();
        _lock.Dispose();
    }

    /// <summary>Runs <paramref name="action"/>, turning SQLite's errors into ours.</summary>
    public T Guarded<T>(Func<T> action)
    {
        try { return action(); }
        catch (SqliteException e) { throw SqliteErrors.Translate(e, Path); }
        catch (Exception e) when (SqliteErrors.IsForeignValue(e)) { throw SqliteErrors.ForeignValue(e, Path); }
    }

    private long FeedOf(ReplicaId replica)
    {
        if (_feeds.TryGetValue(replica, out var feed)) return feed;
        var command = Use(_insertFeed);
        command.Parameters[0].Value = replica.ToByteArray();
        return _feeds[replica] = (long)command.ExecuteScalar()!;
    }

    private SqliteCommand Prepare(string sql, int parameters)
    {
        var command = _connection.CreateCommand();
        command.CommandText = sql;
        for (var i = 1; i <= parameters; i++)
            command.Parameters.Add(new SqliteParameter { ParameterName = "$" + i.ToString(System.Globalization.CultureInfo.InvariantCulture) });
        return command;
    }

    private SqliteCommand Use(SqliteCommand command)
    {
        command.Transaction = _transaction;
        return command;
    }

    private object? Scalar(string sql)
    {
        using var command = _connection.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteScalar();
    }

    private static (DocumentKey Key, byte[] State) ReadDocument(SqliteDataReader reader) =>
        (new(reader.GetString(0), DocumentId.FromBytes(reader.GetFieldValue<byte[]>(1))), reader.GetFieldValue<byte[]>(2));

    private static ReplicaId ReadReplica(SqliteConnection connection, string path, string databaseName, DatabaseId database)
    {
        if (Hash256.FromBytes(ReadMeta(connection, path, "database")) == database.Hash) return ReplicaId.FromBytes(ReadMeta(connection, path, "replica"));
        var name = Encoding.UTF8.GetString(ReadMeta(connection, path, "name"));
        throw new EdgeStorageException(EdgeErrorCode.OtherDatabase, path, $"'{path}' is a replica of database '{name}', not of '{databaseName}'. Set EdgeDatabaseOptions.Name to '{name}', or choose another file.");
    }

    private static void Create(SqliteConnection connection, string name, DatabaseId database, ReplicaId replica)
    {
        using var transaction = connection.BeginTransaction(deferred: false);
        SqliteSchema.Create(connection);
        foreach (var (key, value) in ((string, byte[])[])[("name", Encoding.UTF8.GetBytes(name)), ("database", database.Hash.ToByteArray()), ("replica", replica.ToByteArray()), ("key", SoftwareKey.Create().Export())])
        {
            using var command = connection.CreateCommand();
            command.CommandText = "INSERT INTO edge_meta (key, value) VALUES ($1, $2)";
            command.Parameters.AddWithValue("$1", key);
            command.Parameters.AddWithValue("$2", value);
            command.ExecuteNonQuery();
        }
        transaction.Commit();
    }

    private static byte[] ReadMeta(SqliteConnection connection, string path, string key)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT value FROM edge_meta WHERE key = $1";
        command.Parameters.AddWithValue("$1", key);
        return command.ExecuteScalar() as byte[]
            ?? throw new EdgeStorageException(EdgeErrorCode.StorageDamaged, path, $"'{path}' lacks its entry '{key}'. Keep a copy of it and restore the last backup, or sync a new file from a peer.");
    }

    private static void Execute(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    private static byte[] ToArray(ReadOnlyMemory<byte> memory) =>
        System.Runtime.InteropServices.MemoryMarshal.TryGetArray(memory, out var segment) && segment.Offset == 0 && segment.Count == segment.Array!.Length ? segment.Array : memory.ToArray();
}
