using System.Text;
using Edge.Sync.Log;
using Edge.Sync.Projections;
using Edge.Sync.Series;
using Edge.Sync.Storage;
using Edge.Sync.Storage.Segments;
using Edge.Sync.Trust.Content;
using Microsoft.Data.Sqlite;

namespace Edge.Sync;

/// <summary>Makes a sound file of a damaged one: takes every change whose bytes and past are whole, and folds them anew.</summary>
/// <remarks>
/// The repaired file gets a replica id of its own. Damage may have taken the newest changes of the old one after peers had seen them; going on under
/// its name would give their dots to others. What it wrote keeps its name and ids, and is offered to peers like everyone's.
/// </remarks>
internal sealed class Salvage : IChangeIndex
{
    private const int BatchChanges = 1000;

    private readonly string _path;
    private readonly RepairOptions _options;
    private readonly Dictionary<(long Sequence, Hash256 Id), (byte[] Seal, byte[] Bytes)> _candidates = [];
    private readonly Dictionary<Dot, ChangeId> _ids = [];
    private readonly Dictionary<ReplicaId, ulong> _known = [];
    private readonly List<ProjectionDefinition> _tables = [];
    private readonly List<DocumentKey> _evicted = [];
    private string? _name;
    private Hash256? _database;
    private ReplicaId? _replica;
    private SoftwareKey? _key;
    private readonly HashSet<ReplicaId> _left = [];

    // Where the file does not say so any more, the repaired one keeps everything: that is always safe.
    private bool _mayEvict;
    private int _unsealed;

    private Salvage(string path, RepairOptions options) => (_path, _options) = (path, options);

    /// <exception cref="EdgeStorageException">The file does not exist, is in use, has nothing of ours in it, or there is no room for the new one. It was left as it is.</exception>
    public static RepairReport Run(string path, RepairOptions options, TimeProvider clock, EdgeRandom random, CancellationToken cancellationToken)
    {
        if (!File.Exists(path)) throw new EdgeStorageException(EdgeErrorCode.StorageUnreachable, path, $"'{path}' does not exist.");
        using var fileLock = FileLock.Acquire(path);
        var salvage = new Salvage(path, options);
        if (!salvage.ReadWithSqlite()) salvage.ReadPages();
        return salvage.Save(clock, random, cancellationToken);
    }

    /// <summary>Reads as any reader does. False where that meets damage anywhere.</summary>
    private bool ReadWithSqlite()
    {
        try
        {
            using var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = _path, Mode = SqliteOpenMode.ReadOnly, Pooling = false }.ToString());
            connection.Open();
            SqliteSchema.Verify(connection, _path);
            _name = Encoding.UTF8.GetString(SqliteStore.ReadMeta(connection, _path, "name"));
            _database = Hash256.FromBytes(SqliteStore.ReadMeta(connection, _path, "database"));
            _replica = ReplicaId.FromBytes(SqliteStore.ReadMeta(connection, _path, "replica"));
            _mayEvict = SqliteStore.MayEvictIn(connection);
            _key = ReadKey(SqliteStore.ReadMeta(connection, _path, "key"));
            var tree = new FeedTree();
            tree.Load(SqliteStore.TryReadMeta(connection, SqliteStore.BranchesKey) ?? []);
            _left.UnionWith(tree.Left);
            var whole = TryRead(connection, "SELECT replica, last FROM edge_feeds", row => Know(new(ReplicaId.FromBytes(row.Blob(0)), (ulong)row.Int64(1))));
            // The read models only spare their users a first use: a file can be repaired without them.
            TryRead(connection, "SELECT collection, definition FROM edge_projections", row => _tables.Add(ProjectionDefinition.Read(row.Text(0), row.Blob(1).ToArray())));
            // Nor does it have to know what is not wanted here: peers send it, and it is evicted again.
            TryRead(connection, "SELECT collection, id FROM edge_evicted", row => AddEvicted(row.Text(0), row.Blob(1)));
            whole &= TryRead(connection, "SELECT first, bytes FROM edge_segments ORDER BY first", row => AddSegment(row.Int64(0), row.Blob(1).ToArray()));
            whole &= TryRead(connection, "SELECT sequence, id, seal, bytes FROM edge_changes ORDER BY sequence", row => Add(row.Int64(0), row.Blob(1), row.IsNull(2) ? [] : row.Blob(2).ToArray(), row.Blob(3).ToArray()));
            return whole && IsWhole();
        }
        catch (EdgeStorageException e) when (e.Code is EdgeErrorCode.NewerFormat or EdgeErrorCode.OlderFormat or EdgeErrorCode.StorageReadOnly or EdgeErrorCode.StorageLocked) { throw; }
        catch (Exception e) when (e is SqliteException or EdgeSyncException || SqliteErrors.IsForeignValue(e)) { return false; }
    }

    /// <summary>Looks at every page, whatever the tree above it says.</summary>
    private void ReadPages()
    {
        var scanner = new PageScanner(_path);
        var meta = scanner.ReadMeta("name", "database", "replica", "key");
        foreach (var (sequence, id, seal, bytes) in scanner.ReadChanges())
            Add(sequence, id, seal, bytes);
        if (_name is null && meta.TryGetValue("name", out var name)) _name = Encoding.UTF8.GetString(name);
        if (_database is null && meta.TryGetValue("database", out var database) && database.Length == Hash256.SizeBytes) _database = Hash256.FromBytes(database);
        if (_replica is null && meta.TryGetValue("replica", out var replica) && replica.Length == ReplicaId.SizeBytes) _replica = ReplicaId.FromBytes(replica);
        if (_key is null && meta.TryGetValue("key", out var key)) _key = ReadKey(key);
        // Their ids hash the database's own.
        foreach (var (first, bytes) in scanner.ReadSegments())
        {
            try { AddSegment(first, bytes); }
            catch (EdgeDataException) { /* one that the scan took for a segment, or a damaged one */ }
        }
        if (_candidates.Count == 0 && _database is null)
            throw new EdgeStorageException(EdgeErrorCode.NotADatabase, _path, $"'{_path}' has nothing in it that Edge.Sync has written. It was left as it is.");
    }

    // The feeds' ends in the file may lag behind.
    private void Know(Dot last) => _known[last.Replica] = Math.Max(_known.GetValueOrDefault(last.Replica), last.Counter);

    private void Add(long sequence, ReadOnlySpan<byte> id, byte[] seal, byte[] bytes)
    {
        var key = (sequence, Hash256.FromBytes(id));
        // Of the versions of a row, one that is a change, and one with its seal if there is any.
        if (_candidates.TryGetValue(key, out var known) && IsChange(known.Bytes) && (seal.Length == 0 || known.Seal.Length > 0 || !IsChange(bytes))) return;
        _candidates[key] = (seal, bytes);
    }

    private void AddEvicted(string collection, ReadOnlySpan<byte> id)
    {
        if (CollectionName.IsValid(collection) && id.Length == DocumentId.SizeBytes) _evicted.Add(new(collection, DocumentId.FromBytes(id)));
    }

    private void AddSegment(long first, byte[] bytes)
    {
        Span<byte> id = stackalloc byte[Hash256.SizeBytes];
        foreach (var stored in LogSegment.Read(new(Database), first, bytes).Changes)
        {
            stored.Id.Hash.WriteTo(id);
            Add(stored.Sequence, id, stored.Signature.ToArray(), stored.Bytes.ToArray());
        }
    }

    private static bool IsChange(byte[] bytes)
    {
        try { return Change.ParseStored(bytes) is not null; }
        catch (EdgeDataException) { return false; }
    }

    /// <summary>Whether what SQLite read is all, and right: a flipped bit in a row shows in no page's structure.</summary>
    private bool IsWhole()
    {
        var (accepted, stranded, damaged) = Admit();
        return stranded.Count == 0 && damaged == 0 && Losses(accepted).Count == 0;
    }

    /// <summary>Takes the candidates in order of arrival, again and again while that gains any, as far as each follows what was taken before.</summary>
    private (ChangeLog Log, List<(Change Change, byte[] Seal)> Stranded, long Damaged) Admit()
    {
        _ids.Clear();
        _accepted.Clear();
        var log = new ChangeLog(new(Database), _replica ?? default, s_noKey, this);
        var waiting = _candidates.OrderBy(static candidate => candidate.Key.Sequence).Select(static candidate => (candidate.Key.Id, candidate.Value.Seal, candidate.Value.Bytes)).ToList();
        var damaged = 0L;
        for (var before = -1; waiting.Count != before;)
        {
            before = waiting.Count;
            var rest = new List<(Hash256, byte[], byte[])>();
            foreach (var (id, seal, bytes) in waiting)
            {
                try
                {
                    var change = Change.ParseStored(bytes);
                    var admission = log.Admit(change);
                    if (admission.Verdict == AdmissionVerdict.Early) rest.Add((id, seal, bytes));
                    else if (admission.Verdict == AdmissionVerdict.Accepted && admission.Id.Hash == id)
                    {
                        log.Append(change, admission.Id);
                        _ids.Add(change.Header.Last, admission.Id);
                        _accepted.Add((change, admission.Id, IsSeal(log, change, admission.Id, seal) ? seal : []));
                    }
                    else if (admission.Verdict == AdmissionVerdict.Accepted) damaged++;
                }
                catch (EdgeDataException) { damaged++; }
            }
            waiting = rest;
        }
        // One that waits for itself in another version was only a damaged copy.
        var stranded = waiting.DistinctBy(static candidate => candidate.Id).Select(candidate => Stranded(log, candidate.Id, candidate.Seal, candidate.Bytes)).DistinctBy(static change => change.Change.Header.Last).ToList();
        return (log, stranded, damaged);
    }

    /// <summary>A change that cannot be checked before what it follows is there. One of our own gets a seal on the id that stood beside it: where that is not its id, the seal will not fit.</summary>
    private (Change Change, byte[] Seal) Stranded(ChangeLog log, Hash256 id, byte[] seal, byte[] bytes)
    {
        var change = Change.ParseStored(bytes);
        return (change, seal.Length == 0 && change.Written.Replica == _replica && _key is { } key ? P256.ToLowS(key.Sign(Seal.Digest(log.Database, change.Written.Last, new(id)))) : seal);
    }

    private bool IsSeal(ChangeLog log, Change change, ChangeId id, byte[] seal) =>
        seal.Length > 0 && log.TryGetOwner(change.Header.Replica, out var owner) && P256.Verify(owner, Seal.Digest(log.Database, change.Written.Last, id), seal);

    // Nothing is written under it.
    private static readonly PublicKey s_noKey = PublicKey.OfP256(new byte[DeviceKey.PublicKeySizeBytes]);

    private readonly List<(Change Change, ChangeId Id, byte[] Seal)> _accepted = [];

    private Hash256 Database => _database ?? DatabaseId.OfOpen(_name ?? _options.Name, _options.PairingKey.Span).Hash;

    private List<FeedLoss> Losses(ChangeLog log)
    {
        var losses = new List<FeedLoss>();
        foreach (var (replica, last) in _known.OrderBy(static feed => feed.Key))
            if (log.Held[replica] < last) losses.Add(new(replica.ToString(), (long)log.Held[replica], (long)last));
        return losses;
    }

    private RepairReport Save(TimeProvider clock, EdgeRandom random, CancellationToken cancellationToken)
    {
        var (log, stranded, damaged) = Admit();
        foreach (var (change, _) in stranded)
            Know(change.Header.Last);
        var repaired = Free(_path + ".repaired");
        long documents, points;
        try { (documents, points) = Write(repaired, clock, random, cancellationToken); }
        catch
        {
            foreach (var suffix in (string[])["", "-wal", "-shm", ".lock"])
                File.Delete(repaired + suffix);
            throw;
        }
        File.Delete(repaired + ".lock");
        var strandedPath = stranded.Count == 0 ? null : Free(_path + ".stranded.jsonl");
        if (strandedPath is not null)
        {
            using var output = File.Create(strandedPath);
            foreach (var (change, seal) in stranded)
                ChangeLines.Write(output, change, id: null, seal);
        }
        var damagedPath = Free(_path + ".damaged");
        foreach (var suffix in (string[])["-wal", "-shm", ""])
            if (File.Exists(_path + suffix)) File.Move(_path + suffix, damagedPath + suffix);
        File.Move(repaired, _path);
        return new()
        {
            Path = _path,
            DamagedPath = damagedPath,
            SavedCount = _accepted.Count,
            SavedOwnCount = _accepted.Count(saved => saved.Change.Header.Replica == _replica),
            UnsealedCount = _unsealed,
            StrandedCount = stranded.Count,
            StrandedPath = strandedPath,
            DamagedCount = damaged,
            Losses = Losses(log),
            DocumentCount = documents,
            PointCount = points,
        };
    }

    private (long Documents, long Points) Write(string path, TimeProvider clock, EdgeRandom random, CancellationToken cancellationToken)
    {
        using var store = SqliteStore.Create(path, _name ?? _options.Name, new(Database), random, _mayEvict);
        using var keys = new KeyRing(OpenKeys());
        using var projector = new SqliteProjector(store, keys, []);
        SealOwn();
        var key = _key ?? store.ReadKey();
        if (key == _key) SqliteStore.WriteMeta(store.Connection, "key", key.Export());
        var replica = new Replica(store, clock, random, TimeSpan.Zero, PublicKey.OfP256(key.PublicKey.Span), projector, keys);
        replica.Begin();
        foreach (var table in _tables)
            projector.Register(table);
        foreach (var document in _evicted)
            store.AddEvicted(document);
        replica.Commit();
        var saved = 0L;
        foreach (var batch in _accepted.Chunk(BatchChanges))
        {
            cancellationToken.ThrowIfCancellationRequested();
            replica.Begin();
            foreach (var (change, _, seal) in batch)
                if (replica.Apply(change.Bytes, seal, PastOf(change)) != AdmissionVerdict.Accepted) throw new System.Diagnostics.UnreachableException("A change that was admitted is refused.");
            replica.Commit();
            _options.Progress?.Report(saved += batch.Length);
        }
        var points = SeriesSalvage.Copy(_path, store.Connection);
        replica.Close();
        store.Erase();
        store.Sync([]);
        return (replica.Store.ReadDocuments().LongCount(), points);
    }

    // By name it could be one of several where a feed has forked.
    private ChangeId[] PastOf(Change change) => change.Names is null ? [] : [_ids.GetValueOrDefault(change.Before), .. change.Header.Dependencies.Select(dot => _ids[dot])];

    /// <summary>Seals what the old replica had not sealed yet: only sealed changes leave a device, and no other replica can do it.</summary>
    private void SealOwn()
    {
        foreach (var feed in _accepted.Where(saved => saved.Change.Written.Replica == _replica || _left.Contains(saved.Change.Written.Replica)).Select(static saved => saved.Change.Header.Replica).Distinct().ToList())
            SealOwn(feed);
    }

    private void SealOwn(ReplicaId feed)
    {
        var last = _accepted.FindLastIndex(saved => saved.Change.Header.Replica == feed && saved.Seal.Length > 0);
        var plan = new SealPlan();
        for (var i = last + 1; i < _accepted.Count; i++)
            if (_accepted[i].Change.Header.Replica == feed) plan.Append(new(_accepted[i].Change.Header.Last, _accepted[i].Id), _accepted[i].Change.Bytes.Length);
        var owner = _accepted.Find(saved => saved.Change.Written.Replica == RootOf(feed) && saved.Change.Header.Owner is not null).Change?.Header.Owner;
        foreach (var end in plan.Due())
        {
            if (_key is not { } key || owner is null || !owner.Equals(PublicKey.OfP256(key.PublicKey.Span)))
            {
                _unsealed += _accepted.Skip(last + 1).Count(saved => saved.Change.Header.Replica == feed);
                return;
            }
            var i = _accepted.FindIndex(saved => saved.Change.Header.Last == end.Last);
            _accepted[i] = (_accepted[i].Change, end.Id, P256.ToLowS(key.Sign(Seal.Digest(new(Database), _accepted[i].Change.Written.Last, end.Id))));
        }
    }

    private ReplicaId RootOf(ReplicaId feed) => _accepted.Find(saved => saved.Change.Header.Replica == feed).Change.Written.Replica;

    /// <summary>The keys of documents beside the file. Where they are damaged they are put aside: documents then wait until a peer sends theirs.</summary>
    private SqliteKeyStore OpenKeys()
    {
        try { return SqliteKeyStore.Open(_path); }
        catch (EdgeStorageException e) when (e.Code is EdgeErrorCode.StorageDamaged or EdgeErrorCode.NotADatabase)
        {
            var keys = SqliteKeyStore.PathOf(_path);
            File.Move(keys, Free(keys + ".damaged"));
            return SqliteKeyStore.Open(_path);
        }
    }

    private static SoftwareKey? ReadKey(byte[] bytes)
    {
        try { return SoftwareKey.Import(bytes); }
        catch (System.Security.Cryptography.CryptographicException) { return null; }
    }

    private static string Free(string path)
    {
        var free = path;
        for (var n = 2; File.Exists(free); n++)
            free = string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{path}.{n}");
        return free;
    }

    private static bool TryRead(SqliteConnection connection, string sql, Action<SqliteStatement> row)
    {
        try
        {
            using var statement = new SqliteStatement(connection, sql);
            while (statement.Step())
                row(statement);
            return true;
        }
        catch (Exception e) when (e is SqliteException or EdgeDataException || SqliteErrors.IsForeignValue(e)) { return false; }
    }

    bool IChangeIndex.TryGetNext(Dot before, out Dot last, out ChangeId id) => throw new System.Diagnostics.UnreachableException("What was held already is not put in its place.");

    bool IChangeIndex.TryGetOwner(ReplicaId replica, out PublicKey owner)
    {
        owner = null!;
        return false;
    }

    bool IChangeIndex.TryGetChangeId(Dot last, out ChangeId id) => _ids.TryGetValue(last, out id);
}
