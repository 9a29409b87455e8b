using Edge.Sync.Log;
using Edge.Sync.Scheduling;
using Edge.Sync.Storage;
using Edge.Sync.Trust;
using Edge.Sync.Trust.Content;

namespace Edge.Sync.Tests.Storage;

public class WriterRecoveryTests
{
    private static readonly DatabaseId s_database = DatabaseId.OfOpen("default");

    [Fact]
    public async Task Replica_holds_no_change_of_a_failed_transaction_even_where_undoing_it_fails_first()
    {
        var source = new Replica(new MemoryStore(new(1, 1), s_database), TimeProvider.System, EdgeRandom.System, TimeSpan.Zero, TestKeys.Public);
        source.Begin();
        source.Edit(static draft => draft.Open(SchemaOf<Job>(), DocumentId.Named("pump-7")));
        source.Commit();
        source.Sync();
        var change = source.Store.ReadChanges(0, 1)[0].ToReceived();

        var disk = new FailingStore(new(new(2, 2), s_database));
        var writer = new Writer(new(disk, TimeProvider.System, EdgeRandom.System, TimeSpan.Zero, TestKeys.Public), EdgeScheduler.Default, static (_, _) => { });
        disk.Failures = 3;
        await Assert.ThrowsAsync<EdgeStorageException>(() => writer.RunAsync(replica => replica.Receive(new(), [change])));
        await Assert.ThrowsAsync<EdgeStorageException>(() => writer.RunAloneAsync(static replica => replica.Log.Held.Count));
        Assert.Equal(0, await writer.RunAloneAsync(static replica => replica.Log.Held.Count));
        Assert.Equal(1, (await writer.RunAsync(replica => replica.Receive(new(), [change]))).AcceptedCount);
        await writer.CloseAsync();
    }

    private static DocumentSchema SchemaOf<T>() where T : class, IEdgeDocument<T> => T.Schema;

    /// <summary>A disk that fails for a while, in writing and in reading.</summary>
    private sealed class FailingStore(MemoryStore inner) : IStore
    {
        public int Failures { get; set; }

        public string Path => inner.Path;

        public ReplicaId Replica => inner.Replica;

        public DatabaseId Database => inner.Database;

        public long LastSequence => inner.LastSequence;

        public long SyncedSequence => inner.SyncedSequence;

        public HybridTimestamp Load(ChangeLog log)
        {
            FailIfDue();
            return inner.Load(log);
        }

        public void Begin(ChangeLog log) => inner.Begin(log);

        public void Settle(ChangeLog log) => inner.Settle(log);

        public IReadOnlyList<(FeedEnd End, int Bytes)> ReadUnsealed(ReplicaId feed) => inner.ReadUnsealed(feed);

        public long FindSequence(ChangeId id) => inner.FindSequence(id);

        public ReadOnlyMemory<byte> ReadRulings() => inner.ReadRulings();

        public void WriteRulings(ReadOnlyMemory<byte> bytes) => inner.WriteRulings(bytes);

        public ReadOnlyMemory<byte> ReadBranches() => inner.ReadBranches();

        public void WriteBranches(ReadOnlyMemory<byte> bytes) => inner.WriteBranches(bytes);

        public void Split(Dot before, ReplicaId branch, ChangeLog log) => inner.Split(before, branch, log);

        public void ChangeReplica(ReplicaId fresh) => inner.ChangeReplica(fresh);

        public bool TryGetNext(Dot before, out Dot last, out ChangeId id) => inner.TryGetNext(before, out last, out id);

        public IReadOnlyList<StoredChange> ReadPackable(int changesMax) => inner.ReadPackable(changesMax);

        public long PackedCount => inner.PackedCount;

        public void Pack(IReadOnlyList<StoredChange> changes) => inner.Pack(changes);

        public KeyMark? KeyMark => inner.KeyMark;

        public void WriteKeyMark(KeyMark mark) => inner.WriteKeyMark(mark);

        public void AddWaiting(ContentKeyId key, DocumentKey document) => inner.AddWaiting(key, document);

        public IReadOnlyList<DocumentKey> FindWaiting(ContentKeyId key) => inner.FindWaiting(key);

        public bool IsWaiting(DocumentKey document) => inner.IsWaiting(document);

        public IReadOnlyList<ContentKeyId> ReadWaiting(ContentKeyId after, int countMax) => inner.ReadWaiting(after, countMax);

        public IReadOnlyCollection<DocumentKey> ReadPurged() => inner.ReadPurged();

        public long Append(Change change, ChangeId id, ReadOnlyMemory<byte> signature) => inner.Append(change, id, signature);

        public byte[]? ReadLocal(DocumentKey key) => inner.ReadLocal(key);

        public void WriteLocal(DocumentKey key, ulong last, byte[] state) => inner.WriteLocal(key, last, state);

        public ulong ReadLastLocal() => inner.ReadLastLocal();
        public ulong LastEventDepth => inner.LastEventDepth;
        public void AppendEvent(in StoredEvent item) => inner.AppendEvent(item);
        public IReadOnlyList<StoredEvent> ReadEvents(DocumentKey stream) => inner.ReadEvents(stream);
        public void RemoveEvents(DocumentKey stream, IReadOnlySet<long>? positions = null) => inner.RemoveEvents(stream, positions);
        public void RewindSubscriptions(string collection, long position) => inner.RewindSubscriptions(collection, position);

        public StoredDocument? ReadDocument(DocumentKey key) => inner.ReadDocument(key);

        public DocumentPlace WriteDocument(in DocumentWrite write) => inner.WriteDocument(write);

        public void RemoveDocument(DocumentKey key) => inner.RemoveDocument(key);

        public void ReplaceChanges(IReadOnlyList<StoredChange> changes) => inner.ReplaceChanges(changes);

        public void AddPurged(DocumentKey key) => inner.AddPurged(key);

        public bool AnyPurged => inner.AnyPurged;

        public IReadOnlyList<DocumentKey> ReadIncomplete(DocumentKey from, int countMax) => inner.ReadIncomplete(from, countMax);

        public bool MayEvict => inner.MayEvict;

        public void AddEvicted(DocumentKey key) => inner.AddEvicted(key);

        public void RemoveEvicted(DocumentKey key) => inner.RemoveEvicted(key);

        public ReadOnlyMemory<byte> ReadKeepers() => inner.ReadKeepers();

        public void WriteKeepers(ReadOnlyMemory<byte> bytes) => inner.WriteKeepers(bytes);

        public void MarkErase() => inner.MarkErase();

        public bool IsPurged(DocumentKey key) => inner.IsPurged(key);

        public void AddHole(DocumentKey key, Hole hole) => inner.AddHole(key, hole);

        public IReadOnlyList<Hole> ReadHoles(DocumentKey key) => inner.ReadHoles(key);

        public void RemoveHoles(DocumentKey key) => inner.RemoveHoles(key);

        public bool IsEraseDue => inner.IsEraseDue;

        public bool Erase() => inner.Erase();

        public StoredChange ReadChange(long sequence) => inner.ReadChange(sequence);

        public int FoldVersion => inner.FoldVersion;

        public void ClearDocuments(int foldVersion) => inner.ClearDocuments(foldVersion);

        public void Commit(ChangeLog log)
        {
            FailIfDue();
            inner.Commit(log);
        }

        public void Rollback() => inner.Rollback();

        public void Sync(IReadOnlyList<Seal> seals) => inner.Sync(seals);

        public IReadOnlyList<StoredChange> ReadChanges(long afterSequence, int bytesMax) => inner.ReadChanges(afterSequence, bytesMax);

        public IReadOnlyList<StoredChange> ReadDocumentChanges(DocumentKey key, long afterSequence, int bytesMax) => inner.ReadDocumentChanges(key, afterSequence, bytesMax);

        public long FirstSequenceAfter(ReplicaId replica, ulong counter) => inner.FirstSequenceAfter(replica, counter);

        public IEnumerable<(DocumentKey Key, StoredDocument Document)> ReadDocuments() => inner.ReadDocuments();

        public bool TryGetOwner(ReplicaId replica, out PublicKey owner) => inner.TryGetOwner(replica, out owner);

        public bool TryGetChangeId(Dot last, out ChangeId id) => inner.TryGetChangeId(last, out id);

        public void Dispose() => inner.Dispose();

        private void FailIfDue()
        {
            if (Failures == 0) return;
            Failures--;
            throw new EdgeStorageException(EdgeErrorCode.StorageDamaged, "memory", "The disk is away.");
        }
    }
}
