using Edge.Sync.Log;
using Microsoft.Data.Sqlite;

namespace Edge.Sync.Storage;

/// <summary>The log's tables: changes in order of arrival, and the end of each feed.</summary>
internal sealed partial class SqliteStore
{
    private SqliteStatement _insertChange = null!, _insertFeed = null!, _updateFeed = null!, _findId = null!, _findFirst = null!, _readChanges = null!, _findSequence = null!;

    private void PrepareLog()
    {
        _insertChange = Prepare("INSERT INTO edge_changes (sequence, feed, last, id, seal, bytes) VALUES (?1, ?2, ?3, ?4, ?5, ?6)");
        _insertFeed = Prepare("INSERT INTO edge_feeds (replica, last, last_id, is_head) VALUES (?1, 0, x'', 0) RETURNING feed");
        _updateFeed = Prepare("UPDATE edge_feeds SET last = ?2, last_id = ?3, is_head = ?4 WHERE feed = ?1");
        _findId = Prepare("SELECT id FROM edge_changes WHERE feed = ?1 AND last = ?2");
        _findFirst = Prepare("SELECT bytes FROM edge_changes WHERE feed = ?1 ORDER BY last LIMIT 1");
        _readChanges = Prepare("SELECT c.sequence, f.replica, c.last, c.id, c.bytes, c.seal FROM edge_changes c JOIN edge_feeds f ON f.feed = c.feed WHERE c.sequence > ?1 ORDER BY c.sequence");
        _findSequence = Prepare("SELECT sequence FROM edge_changes WHERE feed = ?1 AND last > ?2 ORDER BY last LIMIT 1");
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
        LoadDocuments();
        if (log.Held[Replica] == 0) return default;
        using var own = _connection.CreateCommand();
        own.CommandText = "SELECT bytes FROM edge_changes WHERE feed = $1 AND last = $2";
        own.Parameters.AddWithValue("$1", _feeds[Replica]);
        own.Parameters.AddWithValue("$2", (long)log.Held[Replica]);
        return Change.Parse((byte[])own.ExecuteScalar()!).Header.Timestamp;
    });

    public IReadOnlyList<(FeedEnd End, int Bytes)> ReadUnsealed() => Guarded(() => SealedFeeds.ReadUnsealed(_connection, Replica));

    public long Append(Change change, ChangeId id, ReadOnlyMemory<byte> signature = default)
    {
        try
        {
            var last = change.Header.Last;
            Span<byte> hash = stackalloc byte[Hash256.SizeBytes];
            id.Hash.WriteTo(hash);
            _insertChange.Bind(1, ++_appended).Bind(2, FeedOf(last.Replica)).Bind(3, (long)last.Counter).Bind(4, hash).Bind(6, change.Bytes.Span);
            (signature.IsEmpty ? _insertChange.BindValue(5, null) : _insertChange.Bind(5, signature.Span)).Run();
            _touched.Add(last.Replica);
            foreach (var dependency in change.Header.Dependencies)
                _touched.Add(dependency.Replica);
            return _appended;
        }
        catch (Exception e) when (SqliteErrors.TryTranslate(e, Path, out var error)) { throw error; }
    }

    public bool TryGetChangeId(Dot last, out ChangeId id)
    {
        id = Guarded(() =>
        {
            if (!_feeds.TryGetValue(last.Replica, out var feed)) return default;
            try { return _findId.Bind(1, feed).Bind(2, (long)last.Counter).Step() ? new ChangeId(Hash256.FromBytes(_findId.Blob(0))) : default; }
            finally { _findId.Reset(); }
        });
        return id != default;
    }

    public bool TryGetOwner(ReplicaId replica, out PublicKey owner)
    {
        owner = Guarded(() =>
        {
            if (!_feeds.TryGetValue(replica, out var feed)) return null;
            try { return _findFirst.Bind(1, feed).Step() ? Change.Parse(_findFirst.Blob(0).ToArray()).Header.Owner : null; }
            finally { _findFirst.Reset(); }
        })!;
        return owner is not null;
    }

    /// <summary>The key that was made with the file.</summary>
    public SoftwareKey ReadKey() => Guarded(() =>
    {
        try { return SoftwareKey.Import(ReadMeta(_connection, Path, "key")); }
        catch (System.Security.Cryptography.CryptographicException e)
        {
            throw new EdgeStorageException(EdgeErrorCode.StorageDamaged, Path, $"The device key in '{Path}' is damaged. Keep a copy of the file and repair it, or restore the last backup.", e);
        }
    });

    public IReadOnlyList<StoredChange> ReadChanges(long afterSequence, int bytesMax) => Guarded(() =>
    {
        var result = new List<StoredChange>();
        var bytes = 0;
        try
        {
            _readChanges.Bind(1, afterSequence);
            while ((bytes < bytesMax || result.Count == 0) && _readChanges.Step())
                Read(_readChanges, result, ref bytes);
            return result;
        }
        finally { _readChanges.Reset(); }
    });

    public long FirstSequenceAfter(ReplicaId replica, ulong counter) => Guarded(() =>
    {
        if (!_feeds.TryGetValue(replica, out var feed)) return long.MaxValue;
        try { return _findSequence.Bind(1, feed).Bind(2, (long)counter).Step() ? _findSequence.Int64(0) : long.MaxValue; }
        finally { _findSequence.Reset(); }
    });

    private static void Read(SqliteStatement row, List<StoredChange> result, ref int bytes)
    {
        var change = row.Blob(4).ToArray();
        bytes += change.Length;
        result.Add(new(row.Int64(0), new(ReplicaId.FromBytes(row.Blob(1)), (ulong)row.Int64(2)), new(Hash256.FromBytes(row.Blob(3))), change, row.IsNull(5) ? default : row.Blob(5).ToArray()));
    }

    private void WriteFeed(ReplicaId replica, ChangeLog log)
    {
        Span<byte> hash = stackalloc byte[Hash256.SizeBytes];
        log.LastId(replica).Hash.WriteTo(hash);
        _updateFeed.Bind(1, FeedOf(replica)).Bind(2, (long)log.Held[replica]).Bind(3, hash).Bind(4, log.IsHead(replica) ? 1 : 0).Run();
    }

    private long FeedOf(ReplicaId replica)
    {
        if (_feeds.TryGetValue(replica, out var feed)) return feed;
        try
        {
            _insertFeed.Bind(1, replica.ToByteArray()).Step();
            feed = _insertFeed.Int64(0);
        }
        finally { _insertFeed.Reset(); }
        return _feeds[replica] = feed;
    }

    private object? Scalar(string sql)
    {
        using var command = _connection.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteScalar();
    }
}
