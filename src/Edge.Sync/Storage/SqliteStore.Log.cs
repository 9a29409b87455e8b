using Edge.Sync.Log;
using Microsoft.Data.Sqlite;

namespace Edge.Sync.Storage;

/// <summary>The log's tables: changes in order of arrival, and the end of each feed.</summary>
internal sealed partial class SqliteStore
{
    /// <summary>How many changes the log's index may lack. Who opens the file reads them.</summary>
    public const int RecentMax = 1024;

    private readonly RecentChanges _recent = new();
    private SqliteStatement _insertChange = null!, _insertFeed = null!, _updateFeed = null!, _insertPosition = null!, _findSequence = null!, _readLast = null!;
    private LogReader _log = null!;
    private long _packed;

    private void PrepareLog()
    {
        _insertChange = Prepare("INSERT INTO edge_changes (sequence, feed, last, id, seal, bytes) VALUES (?1, ?2, ?3, ?4, ?5, ?6)");
        _insertFeed = Prepare("INSERT INTO edge_feeds (replica, last, last_id, is_head) VALUES (?1, 0, x'', 0) RETURNING feed");
        _updateFeed = Prepare("UPDATE edge_feeds SET last = ?2, last_id = ?3, is_head = ?4 WHERE feed = ?1");
        _insertPosition = Prepare("INSERT INTO edge_positions (feed, last, sequence) VALUES (?1, ?2, ?3)");
        _findSequence = Prepare("SELECT last, sequence FROM edge_positions WHERE feed = ?1 AND last > ?2 ORDER BY last LIMIT 1");
        _readLast = Prepare("SELECT sequence, id FROM edge_changes ORDER BY sequence DESC LIMIT 1");
        _log = new(_connection);
    }

    public HybridTimestamp Load(ChangeLog log) => Guarded(() =>
    {
        _feeds.Clear();
        _touched.Clear();
        _recent.Clear();
        _log.Forget();
        Replica = ReplicaId.FromBytes(ReadMeta(_connection, Path, "replica"));
        var newest = default(HybridTimestamp);
        FeedEnds.Restore(_connection, log, (replica, feed) => _feeds[replica] = feed, (change, sequence) =>
        {
            Note(change, sequence);
            if (change.Header.Replica == Replica) newest = change.Stamp;
        });
        _appended = _committed = ReadLast();
        _packed = (long)Scalar("SELECT coalesce(max(last), 0) FROM edge_segments")!;
        LoadDocuments();
        if (log.Held[Replica] == 0 || newest != default) return newest;
        return Find(new(Replica, log.Held[Replica])) is { } own ? Change.ParseStored(own.Bytes).Stamp : throw new InvalidCastException("The log lacks its replica's own newest change.");
    });

    public IReadOnlyList<(FeedEnd End, int Bytes)> ReadUnsealed(ReplicaId feed) => Guarded(() => SealedFeeds.ReadUnsealed(_connection, feed));

    public long Append(Change change, ChangeId id, ReadOnlyMemory<byte> signature = default)
    {
        try
        {
            var last = change.Header.Last;
            Span<byte> hash = stackalloc byte[Hash256.SizeBytes];
            id.Hash.WriteTo(hash);
            _appended = (_appended.Sequence + 1, id);
            _insertChange.Bind(1, _appended.Sequence).Bind(2, FeedOf(last.Replica)).Bind(3, (long)last.Counter).Bind(4, hash).Bind(6, change.StoredBytes.Span);
            (signature.IsEmpty ? _insertChange.BindValue(5, null) : _insertChange.Bind(5, signature.Span)).Run();
            Note(change, _appended.Sequence);
            return _appended.Sequence;
        }
        catch (Exception e) when (SqliteErrors.TryTranslate(e, Path, out var error)) { throw error; }
    }

    public bool TryGetChangeId(Dot last, out ChangeId id)
    {
        id = Guarded(() => Find(last)?.Id ?? default);
        return id != default;
    }

    public bool TryGetNext(Dot before, out Dot last, out ChangeId id)
    {
        (last, id) = Guarded(() => FirstAfter(before.Replica, before.Counter) is { } next ? (before with { Counter = next.Last }, _log.Find(next.Sequence)!.Value.Id) : default);
        return id != default;
    }

    public bool TryGetOwner(ReplicaId replica, out PublicKey owner)
    {
        owner = Guarded(() => FirstAfter(replica, 0) is { } first && _log.Find(first.Sequence) is { } change ? Change.ParseStored(change.Bytes).Header.Owner : null)!;
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
        foreach (var change in _log.ReadAfter(afterSequence))
        {
            result.Add(change);
            if ((bytes += change.Bytes.Length) >= bytesMax) break;
        }
        return result;
    });

    public long FirstSequenceAfter(ReplicaId replica, ulong counter) => Guarded(() => FirstAfter(replica, counter)?.Sequence ?? long.MaxValue);

    private (ulong Last, long Sequence)? FirstAfter(ReplicaId replica, ulong counter)
    {
        if (!_feeds.TryGetValue(replica, out var feed)) return null;
        (ulong Last, long Sequence)? indexed;
        try { indexed = _findSequence.Bind(1, feed).Bind(2, (long)counter).Step() ? ((ulong)_findSequence.Int64(0), _findSequence.Int64(1)) : null; }
        finally { _findSequence.Reset(); }
        if (indexed is null) return _recent.FirstAfter(replica, counter);
        // Of a segment only the feed's last change is in the index.
        if (indexed.Value.Sequence > _packed || _log.SegmentOf(indexed.Value.Sequence) is not { } segment) return indexed;
        foreach (var change in segment.Changes)
            if (change.Last.Replica == replica && change.Last.Counter > counter) return (change.Last.Counter, change.Sequence);
        return indexed;
    }

    /// <summary>The change that ends at <paramref name="last"/>; null where none does.</summary>
    private StoredChange? Find(Dot last) => FirstAfter(last.Replica, last.Counter - 1) is { } change && change.Last == last.Counter ? _log.Find(change.Sequence) : null;

    private (long Sequence, ChangeId Id) ReadLast()
    {
        try { return _readLast.Step() ? (_readLast.Int64(0), new(Hash256.FromBytes(_readLast.Blob(1)))) : default; }
        finally { _readLast.Reset(); }
    }

    /// <summary>Takes note of a change for the next writing of the index.</summary>
    private void Note(Change change, long sequence)
    {
        var header = change.Header;
        _recent.Add(header.Last, sequence);
        _touched.Add(header.Replica);
        if (change.Names is { } names) _touched.Add(names.Before);
        foreach (var dependency in header.Dependencies)
            _touched.Add(dependency.Replica);
    }

    /// <summary>Brings the index up to the last change of the open transaction.</summary>
    private void WriteIndex(ChangeLog log)
    {
        foreach (var (replica, changes) in _recent.Feeds)
            for (var i = 0; i < changes.Count; i++)
            {
                var (last, sequence) = changes[i];
                if (sequence <= _packed && i + 1 < changes.Count && _log.PlaceOf(sequence) is { } place && changes[i + 1].Sequence <= place.Last) continue;
                _insertPosition.Bind(1, FeedOf(replica)).Bind(2, (long)last).Bind(3, sequence).Run();
            }
        foreach (var replica in _touched)
            WriteEnd(replica, log);
        WriteMeta(_connection, "indexed", _appended.Sequence);
        _isIndexed = true;
    }

    private void WriteEnd(ReplicaId replica, ChangeLog log)
    {
        Span<byte> hash = stackalloc byte[Hash256.SizeBytes];
        log.LastId(replica).Hash.WriteTo(hash);
        _updateFeed.Bind(1, FeedOf(replica)).Bind(2, (long)log.Held[replica]).Bind(3, hash).Bind(4, log.IsHead(replica) ? 1 : 0).Run();
    }

    private long FeedOf(ReplicaId replica)
    {
        if (_feeds.TryGetValue(replica, out var feed)) return feed;
        Span<byte> bytes = stackalloc byte[ReplicaId.SizeBytes];
        replica.WriteTo(bytes);
        try
        {
            _insertFeed.Bind(1, bytes).Step();
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
