using System.Collections.Immutable;
using Edge.Sync.Log;
using Edge.Sync.Trust.Content;

namespace Edge.Sync.Storage;

/// <summary>
/// A store without a disk, for simulations: it can lose what was not synced, as a power cut makes a disk do.
/// </summary>
internal sealed partial class MemoryStore(ReplicaId replica, DatabaseId database, bool mayEvict = false) : IStore
{
    private Contents _committed = Contents.Empty with { Replica = replica };
    private Contents _synced = Contents.Empty with { Replica = replica };
    private Contents? _open;

    public string Path => "memory";

    public ReplicaId Replica => (_open ?? _committed).Replica;

    public DatabaseId Database => database;

    public long LastSequence => _committed.Changes.Count;

    public long SyncedSequence => _synced.Changes.Count;

    /// <summary>A copy of what survives a power cut, as a file is copied.</summary>
    public MemoryStore Copy() => new(replica, database, mayEvict) { _committed = _synced, _synced = _synced };

    /// <summary>Loses all that was committed after the last sync, and an open transaction with it.</summary>
    public void CutPower() => (_committed, _open) = (_synced, null);

    public HybridTimestamp Load(ChangeLog log)
    {
        var newest = default(HybridTimestamp);
        foreach (var stored in _committed.Changes)
        {
            var change = Change.ParseStored(stored.Bytes);
            log.Append(change, stored.Id);
            if (change.Header.Replica == Replica) newest = change.Stamp;
        }
        return newest;
    }

    public void Begin(ChangeLog log) => _open = _committed;

    public IReadOnlyList<(FeedEnd End, int Bytes)> ReadUnsealed(ReplicaId feed)
    {
        var own = _committed.Changes.Where(stored => stored.Last.Replica == feed).ToList();
        var last = own.FindLastIndex(static stored => !stored.Signature.IsEmpty);
        return [.. own.Skip(last + 1).Select(static stored => (new FeedEnd(stored.Last, stored.Id), stored.Bytes.Length))];
    }

    public ReadOnlyMemory<byte> ReadBranches() => (_open ?? _committed).Branches;

    public void WriteBranches(ReadOnlyMemory<byte> bytes) => _open = Open with { Branches = bytes };

    public ReadOnlyMemory<byte> ReadRulings() => (_open ?? _committed).Rulings;

    public void WriteRulings(ReadOnlyMemory<byte> bytes) => _open = Open with { Rulings = bytes };

    public void Split(Dot before, ReplicaId branch, ChangeLog log)
    {
        var changes = Open.Changes;
        var ids = Open.Ids;
        for (var i = 0; i < changes.Count; i++)
        {
            if (changes[i].Last.Replica != before.Replica || changes[i].Last.Counter <= before.Counter) continue;
            ids = ids.Remove(changes[i].Last);
            changes = changes.SetItem(i, new(changes[i].Sequence, changes[i].Last with { Replica = branch }, changes[i].Id, changes[i].Bytes, changes[i].Signature));
            ids = ids.Add(changes[i].Last, changes[i].Id);
        }
        _open = Open with { Changes = changes, Ids = ids };
    }

    public void ChangeReplica(ReplicaId fresh) => _open = Open with { Replica = fresh };

    public long Append(Change change, ChangeId id, ReadOnlyMemory<byte> signature = default)
    {
        var stored = new StoredChange(Open.Changes.Count + 1, change.Header.Last, id, change.StoredBytes, signature);
        _open = Open with { Changes = Open.Changes.Add(stored), Ids = Open.Ids.Add(stored.Last, id) };
        return stored.Sequence;
    }

    public StoredDocument? ReadDocument(DocumentKey key) => (_open ?? _committed).Documents.GetValueOrDefault(key);

    public DocumentPlace WriteDocument(in DocumentWrite write)
    {
        var place = write.Place.Row > 0 ? write.Place : new(Open.LastRow + 1);
        _open = Open with { LastRow = Math.Max(Open.LastRow, place.Row) };
        var old = Open.Documents.GetValueOrDefault(write.Key);
        var document = write.State is { } state
            ? new StoredDocument(place, state.ToArray(), write.Version, []) { IsWhole = write.IsWhole, Covered = [.. write.Covered] }
            : new(place, old?.State, old?.Covers ?? 0, [.. write.Tail]) { IsWhole = write.IsWhole, Covered = old?.Covered ?? [] };
        _open = Open with { Documents = Open.Documents.SetItem(write.Key, document), Histories = Open.Histories.SetItem(write.Key, Open.Histories.GetValueOrDefault(write.Key, []).AddRange(write.Settled)) };
        return place;
    }

    public byte[]? ReadLocal(DocumentKey key) => (_open ?? _committed).Locals.GetValueOrDefault(key).State;

    public void WriteLocal(DocumentKey key, ulong last, byte[] state) => _open = Open with { Locals = Open.Locals.SetItem(key, (last, state)) };

    public ulong LastEventDepth => (_open ?? _committed).LastEventDepth;

    public void AppendEvent(in StoredEvent item) => _open = Open with { LastEventDepth = Math.Max(Open.LastEventDepth, item.Depth) };

    public IReadOnlyList<StoredEvent> ReadEvents(DocumentKey stream) => [];

    public void RemoveEvents(DocumentKey stream, IReadOnlySet<long>? positions = null) { }

    public void RewindSubscriptions(string collection, long position) { }

    public ulong ReadLastLocal() => (_open ?? _committed).Locals.Values.Select(static local => local.Last).DefaultIfEmpty().Max();

    public void RemoveDocument(DocumentKey key) => _open = Open with { Documents = Open.Documents.Remove(key), Histories = Open.Histories.Remove(key), Locals = Open.Locals.Remove(key) };

    public void ReplaceChanges(IReadOnlyList<StoredChange> changes)
    {
        foreach (var change in changes)
            _open = Open with { Changes = Open.Changes.SetItem((int)change.Sequence - 1, Open.Changes[(int)change.Sequence - 1] with { Bytes = change.Bytes }) };
    }

    public void AddPurged(DocumentKey key) => _open = Open with { Purged = Open.Purged.Add(key) };

    public bool AnyPurged => !(_open ?? _committed).Purged.IsEmpty;

    public bool IsPurged(DocumentKey key) => (_open ?? _committed).Purged.Contains(key);

    public void AddHole(DocumentKey key, Hole hole) => _open = Open with { Holes = Open.Holes.SetItem(key, Open.Holes.GetValueOrDefault(key, []).Add(hole)) };

    public IReadOnlyList<Hole> ReadHoles(DocumentKey key) => (_open ?? _committed).Holes.GetValueOrDefault(key, []);

    public void RemoveHoles(DocumentKey key) =>
        _open = Open with { Holes = Open.Holes.Remove(key), Waiting = [.. Open.Waiting.Where(waiting => waiting.Document != key)] };

    public IReadOnlyList<DocumentKey> ReadIncomplete(DocumentKey from, int countMax) =>
        [.. (_open ?? _committed).Holes.Keys.Where(key => key.CompareTo(from) >= 0 && !(_open ?? _committed).Evicted.Contains(key)).Take(countMax)];

    public bool MayEvict => mayEvict;

    public void AddEvicted(DocumentKey key) => _open = Open with { Evicted = Open.Evicted.Add(key) };

    public void RemoveEvicted(DocumentKey key) => _open = Open with { Evicted = Open.Evicted.Remove(key) };

    public ReadOnlyMemory<byte> ReadKeepers() => (_open ?? _committed).Keepers;

    public void WriteKeepers(ReadOnlyMemory<byte> bytes) => _open = Open with { Keepers = bytes };

    public void MarkErase() { }

    public bool IsEraseDue => false;

    public bool Erase() => true;

    public int FoldVersion => _committed.FoldVersion;

    public void ClearDocuments(int foldVersion) => _open = Open with { Documents = Contents.Empty.Documents, Histories = Contents.Empty.Histories, Purged = [], Holes = Contents.Empty.Holes, Waiting = [], FoldVersion = foldVersion };

    public void Commit(ChangeLog log) => (_committed, _open) = (Open, null);

    public void Rollback() => _open = null;

    public void Settle(ChangeLog log) { }

    public IReadOnlyList<StoredChange> ReadPackable(int changesMax) => [];

    public long PackedCount => 0;

    public void Pack(IReadOnlyList<StoredChange> changes) => throw new NotSupportedException("There is nothing to pack in memory.");

    public void Sync(IReadOnlyList<Seal> seals)
    {
        var changes = _committed.Changes;
        foreach (var seal in seals)
        {
            var place = changes.FindIndex(stored => stored.Last == seal.Last);
            changes = changes.SetItem(place, changes[place] with { Signature = seal.Signature });
        }
        _synced = _committed = _committed with { Changes = changes };
    }

    public bool TryGetChangeId(Dot last, out ChangeId id) => (_open ?? _committed).Ids.TryGetValue(last, out id);

    public bool TryGetNext(Dot before, out Dot last, out ChangeId id)
    {
        foreach (var stored in (_open ?? _committed).Changes)
            if (stored.Last.Replica == before.Replica && stored.Last.Counter > before.Counter)
            {
                (last, id) = (stored.Last, stored.Id);
                return true;
            }
        (last, id) = (default, default);
        return false;
    }

    public bool TryGetOwner(ReplicaId replica, out PublicKey owner)
    {
        foreach (var stored in (_open ?? _committed).Changes)
            if (stored.Last.Replica == replica)
            {
                owner = Change.ParseStored(stored.Bytes).Header.Owner!;
                return owner is not null;
            }
        owner = null!;
        return false;
    }

    public IReadOnlyList<StoredChange> ReadChanges(long afterSequence, int bytesMax)
    {
        var result = new List<StoredChange>();
        var bytes = 0;
        var changes = (_open ?? _committed).Changes;
        for (var i = (int)afterSequence; i < changes.Count && (bytes < bytesMax || result.Count == 0); i++)
        {
            result.Add(changes[i]);
            bytes += changes[i].Bytes.Length;
        }
        return result;
    }

    public IReadOnlyList<StoredChange> ReadDocumentChanges(DocumentKey key, long afterSequence, int bytesMax)
    {
        var result = new List<StoredChange>();
        var bytes = 0;
        var contents = _open ?? _committed;
        var document = contents.Documents.GetValueOrDefault(key);
        foreach (var sequence in (IEnumerable<long>)[.. contents.Histories.GetValueOrDefault(key, []), .. document?.Covered ?? [], .. document?.Tail ?? []])
        {
            if (sequence <= afterSequence) continue;
            if (bytes >= bytesMax && result.Count > 0) break;
            result.Add(contents.Changes[(int)sequence - 1]);
            bytes += result[^1].Bytes.Length;
        }
        return result;
    }

    public StoredChange ReadChange(long sequence) => (_open ?? _committed).Changes[(int)sequence - 1];

    public long FindSequence(ChangeId id)
    {
        foreach (var change in (_open ?? _committed).Changes)
            if (change.Id == id) return change.Sequence;
        return 0;
    }

    public long FirstSequenceAfter(ReplicaId replica, ulong counter)
    {
        foreach (var change in (_open ?? _committed).Changes)
            if (change.Last.Replica == replica && change.Last.Counter > counter) return change.Sequence;
        return long.MaxValue;
    }

    public IEnumerable<(DocumentKey Key, StoredDocument Document)> ReadDocuments()
    {
        foreach (var (key, document) in (_open ?? _committed).Documents)
            yield return (key, document);
    }

    public void Dispose() { }

    private Contents Open => _open ?? throw new InvalidOperationException("No transaction is open.");

    private sealed record Contents(ImmutableList<StoredChange> Changes, ImmutableDictionary<Dot, ChangeId> Ids, ImmutableSortedDictionary<DocumentKey, StoredDocument> Documents,
        ImmutableDictionary<DocumentKey, ImmutableList<long>> Histories, int FoldVersion, ImmutableDictionary<DocumentKey, (ulong Last, byte[] State)> Locals)
    {
        public ReplicaId Replica { get; init; }

        public ReadOnlyMemory<byte> Branches { get; init; }

        public ReadOnlyMemory<byte> Rulings { get; init; }

        public long LastRow { get; init; }

        public ulong LastEventDepth { get; init; }

        public KeyMark? Mark { get; init; }

        public ImmutableSortedSet<(ContentKeyId Key, DocumentKey Document)> Waiting { get; init; } = [];

        public ImmutableSortedSet<DocumentKey> Purged { get; init; } = [];

        public ImmutableSortedSet<DocumentKey> Evicted { get; init; } = [];

        public ReadOnlyMemory<byte> Keepers { get; init; }

        public ImmutableSortedDictionary<DocumentKey, ImmutableSortedSet<Hole>> Holes { get; init; } = ImmutableSortedDictionary<DocumentKey, ImmutableSortedSet<Hole>>.Empty;

        public static Contents Empty { get; } = new([], ImmutableDictionary<Dot, ChangeId>.Empty, ImmutableSortedDictionary<DocumentKey, StoredDocument>.Empty,
            ImmutableDictionary<DocumentKey, ImmutableList<long>>.Empty, 0, ImmutableDictionary<DocumentKey, (ulong Last, byte[] State)>.Empty);
    }
}
