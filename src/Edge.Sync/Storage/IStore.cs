using Edge.Sync.Log;

namespace Edge.Sync.Storage;

/// <summary>
/// Where one replica keeps its log and the states that it folds to. One writer: all members are called from the writer, one at a time.
/// </summary>
/// <remarks>
/// A transaction is all or nothing. What is committed survives the end of the process; what is at or below <see cref="SyncedSequence"/>
/// survives a power cut, and nothing beyond it may leave the device.
/// </remarks>
internal interface IStore : IChangeIndex, IKeyIndex, IDisposable
{
    /// <summary>Where it is, for messages.</summary>
    string Path { get; }

    /// <summary>This replica, as its file says. It changes where the file turns out to have a copy.</summary>
    ReplicaId Replica { get; }

    DatabaseId Database { get; }

    /// <summary>The place of the newest committed change in this replica's order of arrival; 0 while there is none.</summary>
    long LastSequence { get; }

    /// <summary>The newest change that survives a power cut.</summary>
    long SyncedSequence { get; }

    /// <summary>Gives the log the ends of all feeds and the heads.</summary>
    /// <returns>The stamp of this replica's own newest change, so that its clock never goes back.</returns>
    HybridTimestamp Load(ChangeLog log);

    /// <summary>The changes of a feed or branch behind its last seal, in order, with their lengths in bytes.</summary>
    IReadOnlyList<(FeedEnd End, int Bytes)> ReadUnsealed(ReplicaId feed);

    /// <summary>What is stored of the branches of feeds; empty where none has any. See <see cref="FeedTree.ToBytes"/>.</summary>
    ReadOnlyMemory<byte> ReadBranches();

    void WriteBranches(ReadOnlyMemory<byte> bytes);

    /// <summary>Gives the changes behind a counter of a feed or branch to a branch. Undo histories go: they speak of operations by name.</summary>
    /// <param name="before">The last operation that stays.</param>
    /// <param name="branch">The branch: it has no changes yet.</param>
    /// <param name="log">Has the new ends already.</param>
    void Split(Dot before, ReplicaId branch, ChangeLog log);

    /// <summary>What was written last by <see cref="WriteRulings"/>; empty where nothing was.</summary>
    ReadOnlyMemory<byte> ReadRulings();

    /// <summary>Stores which records rule over changes, in the open transaction: see <see cref="RulingsCodec"/>.</summary>
    void WriteRulings(ReadOnlyMemory<byte> bytes);

    /// <summary>Writes under another replica id from now on.</summary>
    void ChangeReplica(ReplicaId fresh);

    /// <summary>Starts a transaction on top of what <paramref name="log"/> knows.</summary>
    /// <exception cref="EdgeStorageException">The file is locked, or someone else has written to it: nothing was started.</exception>
    void Begin(ChangeLog log);

    /// <summary>Appends a change that the log has admitted. Returns its sequence number.</summary>
    /// <param name="change">The change.</param>
    /// <param name="id">Its id.</param>
    /// <param name="signature">The seal behind it; empty where none stands there.</param>
    long Append(Change change, ChangeId id, ReadOnlyMemory<byte> signature = default);

    /// <summary>What is stored of a document, with what the open transaction has written; null where that is nothing.</summary>
    StoredDocument? ReadDocument(DocumentKey key);

    /// <summary>Stores a document's new version. Returns where.</summary>
    DocumentPlace WriteDocument(in DocumentWrite write);

    /// <summary>The state of the fields of a document that stay on this device; null where it has none.</summary>
    byte[]? ReadLocal(DocumentKey key);

    /// <summary>Stores that state, in the open transaction.</summary>
    /// <param name="key">The document.</param>
    /// <param name="last">The newest operation in the state.</param>
    /// <param name="state">The state.</param>
    void WriteLocal(DocumentKey key, ulong last, byte[] state);

    /// <summary>The newest operation on such fields, of all documents; 0 before the first.</summary>
    ulong ReadLastLocal();

    /// <summary>Stores an event of a stream, in the open transaction.</summary>
    void AppendEvent(in StoredEvent item);

    /// <summary>The events of a stream, by order of arrival.</summary>
    IReadOnlyList<StoredEvent> ReadEvents(DocumentKey stream);

    /// <summary>Takes out events of a stream: those at some places of it, or all.</summary>
    void RemoveEvents(DocumentKey stream, IReadOnlySet<long>? positions = null);

    /// <summary>Sets subscriptions back that have passed a position, at which events have come to be readable.</summary>
    void RewindSubscriptions(string collection, long position);

    /// <summary>The greatest depth of any event, with what the open transaction has written; 0 before the first.</summary>
    ulong LastEventDepth { get; }

    /// <summary>Forgets a document: its state, its fields that stay on this device, and which changes it has.</summary>
    void RemoveDocument(DocumentKey key);

    /// <summary>Puts other bytes of the same changes in the place of those that are stored: without sections that were erased, or with sections that were absent. Packed ones stay packed.</summary>
    /// <param name="changes">Ascending.</param>
    void ReplaceChanges(IReadOnlyList<StoredChange> changes);

    /// <summary>Notes that a document is erased for good. <see cref="IsEraseDue"/> from then on.</summary>
    void AddPurged(DocumentKey key);

    /// <summary>Whether it is worth asking: false while nothing was ever purged.</summary>
    bool AnyPurged { get; }

    bool IsPurged(DocumentKey key);

    /// <summary>Notes that a document's section is absent and nothing explains that.</summary>
    void AddHole(DocumentKey key, Hole hole);

    /// <summary>The sections of a document that are absent, ascending; none for one that is whole.</summary>
    IReadOnlyList<Hole> ReadHoles(DocumentKey key);

    void RemoveHoles(DocumentKey key);

    /// <summary>Documents with holes, ascending from one on, without those that were evicted here and are not wanted back.</summary>
    IReadOnlyList<DocumentKey> ReadIncomplete(DocumentKey from, int countMax);

    /// <summary>Whether documents may be evicted here. It was said when the file was made, and never changes: others rely on those that keep everything.</summary>
    bool MayEvict { get; }

    /// <summary>Notes that a document is absent here because nobody wants it here.</summary>
    void AddEvicted(DocumentKey key);

    void RemoveEvicted(DocumentKey key);

    /// <summary>What is stored of keepers: whoever wrote it reads it. Empty where that is nothing.</summary>
    ReadOnlyMemory<byte> ReadKeepers();

    void WriteKeepers(ReadOnlyMemory<byte> bytes);

    /// <summary>Notes that bytes were taken out of the log that are to leave the file. <see cref="IsEraseDue"/> from then on.</summary>
    void MarkErase();

    /// <summary>Whether bytes that were taken out may still lie somewhere in the file.</summary>
    bool IsEraseDue { get; }

    /// <summary>Makes a file that holds nothing but what is committed. Outside of transactions; takes as long as copying the file does.</summary>
    /// <returns>False where a reader still needs the file as it was: call it again.</returns>
    /// <exception cref="EdgeStorageException">There is no room for it. It stays due.</exception>
    bool Erase();

    /// <summary>Which version of the fold made the stored documents; 0 where none did.</summary>
    int FoldVersion { get; }

    /// <summary>Forgets all documents, purges and holes, and notes which version of the fold makes them again in this transaction.</summary>
    void ClearDocuments(int foldVersion);

    /// <summary>Commits what was written since <see cref="Begin"/>, with the feeds' ends as <paramref name="log"/> has them.</summary>
    /// <exception cref="EdgeStorageException">Nothing was committed. <see cref="Rollback"/> must follow.</exception>
    void Commit(ChangeLog log);

    void Rollback();

    /// <summary>Writes what commits have put off, before the file is closed. Inside a transaction; where it is not called nothing is lost.</summary>
    void Settle(ChangeLog log);

    /// <summary>The oldest changes that are not packed, as many as make a segment; none where there are fewer, or they may still change.</summary>
    /// <param name="changesMax">How many make a segment, where their bytes do not.</param>
    IReadOnlyList<StoredChange> ReadPackable(int changesMax);

    /// <summary>How many of the oldest changes are packed.</summary>
    long PackedCount { get; }

    /// <summary>Keeps changes in less room. Nothing else shows of it. Inside a transaction, in which nothing was appended.</summary>
    /// <param name="changes">What <see cref="ReadPackable"/> gave.</param>
    void Pack(IReadOnlyList<StoredChange> changes);

    /// <summary>Stores seals of changes that are held, by their names here, and makes all that is committed survive a power cut.</summary>
    void Sync(IReadOnlyList<Seal> seals);

    /// <summary>Changes after <paramref name="afterSequence"/> in order of arrival, which extends causality; at most about <paramref name="bytesMax"/> bytes, but at least one.</summary>
    IReadOnlyList<StoredChange> ReadChanges(long afterSequence, int bytesMax);

    /// <summary>
    /// The changes after <paramref name="afterSequence"/> that have a section for a document, in order of arrival; at most about <paramref name="bytesMax"/> bytes,
    /// but at least one. Reads those changes only, however long the log is. Of the open transaction, those that were handed to <see cref="WriteDocument"/> are among them.
    /// </summary>
    IReadOnlyList<StoredChange> ReadDocumentChanges(DocumentKey key, long afterSequence, int bytesMax);

    /// <summary>A change that is held, with what the open transaction has written.</summary>
    StoredChange ReadChange(long sequence);

    /// <summary>The sequence of the change with an id; 0 where none that is held has it. Goes through the whole log: there is no index by id.</summary>
    long FindSequence(ChangeId id);

    /// <summary>The sequence of the first change of a feed that ends after <paramref name="counter"/>; <see cref="long.MaxValue"/> where there is none.</summary>
    long FirstSequenceAfter(ReplicaId replica, ulong counter);

    /// <summary>What is stored of all documents, ascending by collection (ordinal) and id.</summary>
    IEnumerable<(DocumentKey Key, StoredDocument Document)> ReadDocuments();
}
