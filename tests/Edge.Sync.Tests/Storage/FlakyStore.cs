using Edge.Sync.Log;
using Edge.Sync.Storage;
using Edge.Sync.Trust;
using Edge.Sync.Trust.Content;

namespace Edge.Sync.Tests.Storage;

/// <summary>A store whose medium fails whenever a seeded coin says so.</summary>
internal sealed class FlakyStore(IStore inner, int seed) : IStore
{
    private readonly Random _random = new(seed);

    /// <summary>How likely each call fails.</summary>
    public double Failure { get; set; }

    public int FailureCount { get; private set; }

    public string Path => inner.Path;

    public ReplicaId Replica => inner.Replica;

    public DatabaseId Database => inner.Database;

    public long LastSequence => inner.LastSequence;

    public long SyncedSequence => inner.SyncedSequence;

    public HybridTimestamp Load(ChangeLog log) => May().Load(log);

    public void Begin(ChangeLog log) => May().Begin(log);

    public IReadOnlyList<(FeedEnd End, int Bytes)> ReadUnsealed(ReplicaId feed) => May().ReadUnsealed(feed);

    public long FindSequence(ChangeId id) => May().FindSequence(id);

    public ReadOnlyMemory<byte> ReadRulings() => May().ReadRulings();

    public void WriteRulings(ReadOnlyMemory<byte> bytes) => May().WriteRulings(bytes);

    public ReadOnlyMemory<byte> ReadBranches() => May().ReadBranches();

    public void WriteBranches(ReadOnlyMemory<byte> bytes) => May().WriteBranches(bytes);

    public void Split(Dot before, ReplicaId branch, ChangeLog log) => May().Split(before, branch, log);

    public void ChangeReplica(ReplicaId fresh) => May().ChangeReplica(fresh);

    public bool TryGetNext(Dot before, out Dot last, out ChangeId id) => May().TryGetNext(before, out last, out id);

    public long Append(Change change, ChangeId id, ReadOnlyMemory<byte> signature) => May().Append(change, id, signature);

    public byte[]? ReadLocal(DocumentKey key) => May().ReadLocal(key);

    public void WriteLocal(DocumentKey key, ulong last, byte[] state) => May().WriteLocal(key, last, state);

    public ulong ReadLastLocal() => May().ReadLastLocal();
    public ulong LastEventDepth => May().LastEventDepth;
    public void AppendEvent(in StoredEvent item) => May().AppendEvent(item);
    public IReadOnlyList<StoredEvent> ReadEvents(DocumentKey stream) => May().ReadEvents(stream);
    public void RemoveEvents(DocumentKey stream, IReadOnlySet<long>? positions = null) => May().RemoveEvents(stream, positions);
    public void RewindSubscriptions(string collection, long position) => May().RewindSubscriptions(collection, position);

    public StoredDocument? ReadDocument(DocumentKey key) => May().ReadDocument(key);

    public DocumentPlace WriteDocument(in DocumentWrite write) => May().WriteDocument(write);

    public void RemoveDocument(DocumentKey key) => May().RemoveDocument(key);

    public void ReplaceChanges(IReadOnlyList<StoredChange> changes) => May().ReplaceChanges(changes);

    public void AddPurged(DocumentKey key) => May().AddPurged(key);

    public bool AnyPurged => inner.AnyPurged;

    public bool IsPurged(DocumentKey key) => May().IsPurged(key);

    public void AddHole(DocumentKey key, Hole hole) => May().AddHole(key, hole);

    // Of a file without holes nothing is read for it.
    public IReadOnlyList<Hole> ReadHoles(DocumentKey key) => inner.ReadHoles(key).Count == 0 ? [] : May().ReadHoles(key);

    public void RemoveHoles(DocumentKey key) => May().RemoveHoles(key);

    public IReadOnlyList<DocumentKey> ReadIncomplete(DocumentKey from, int countMax) => May().ReadIncomplete(from, countMax);

    public bool MayEvict => inner.MayEvict;

    public void AddEvicted(DocumentKey key) => May().AddEvicted(key);

    public void RemoveEvicted(DocumentKey key) => May().RemoveEvicted(key);

    public ReadOnlyMemory<byte> ReadKeepers() => May().ReadKeepers();

    public void WriteKeepers(ReadOnlyMemory<byte> bytes) => May().WriteKeepers(bytes);

    public void MarkErase() => May().MarkErase();

    public bool IsEraseDue => inner.IsEraseDue;

    public bool Erase() => May().Erase();

    public StoredChange ReadChange(long sequence) => May().ReadChange(sequence);

    public int FoldVersion => inner.FoldVersion;

    public void ClearDocuments(int foldVersion) => May().ClearDocuments(foldVersion);

    public void Commit(ChangeLog log) => May().Commit(log);

    public void Rollback() => inner.Rollback();

    public void Settle(ChangeLog log) => May().Settle(log);

    public IReadOnlyList<StoredChange> ReadPackable(int changesMax) => May().ReadPackable(changesMax);

    public long PackedCount => inner.PackedCount;

    public void Pack(IReadOnlyList<StoredChange> changes) => May().Pack(changes);

    public void Sync(IReadOnlyList<Seal> seals) => May().Sync(seals);

    public IReadOnlyList<StoredChange> ReadChanges(long afterSequence, int bytesMax) => May().ReadChanges(afterSequence, bytesMax);

    public IReadOnlyList<StoredChange> ReadDocumentChanges(DocumentKey key, long afterSequence, int bytesMax) => May().ReadDocumentChanges(key, afterSequence, bytesMax);

    public long FirstSequenceAfter(ReplicaId replica, ulong counter) => May().FirstSequenceAfter(replica, counter);

    public IEnumerable<(DocumentKey Key, StoredDocument Document)> ReadDocuments() => inner.ReadDocuments();

    public bool TryGetOwner(ReplicaId replica, out PublicKey owner) => May().TryGetOwner(replica, out owner);

    public bool TryGetChangeId(Dot last, out ChangeId id) => May().TryGetChangeId(last, out id);

    public KeyMark? KeyMark => inner.KeyMark;

    public void WriteKeyMark(KeyMark mark) => May().WriteKeyMark(mark);

    public void AddWaiting(ContentKeyId key, DocumentKey document) => May().AddWaiting(key, document);

    public IReadOnlyList<DocumentKey> FindWaiting(ContentKeyId key) => May().FindWaiting(key);

    public bool IsWaiting(DocumentKey document) => May().IsWaiting(document);

    public IReadOnlyList<ContentKeyId> ReadWaiting(ContentKeyId after, int countMax) => May().ReadWaiting(after, countMax);

    public IReadOnlyCollection<DocumentKey> ReadPurged() => May().ReadPurged();

    public void Dispose() => inner.Dispose();

    private IStore May()
    {
        if (_random.NextDouble() >= Failure) return inner;
        FailureCount++;
        throw new EdgeStorageException(EdgeErrorCode.StorageDamaged, "flaky", "The medium failed.");
    }
}
