using Edge.Sync.Crdts;
using Edge.Sync.Documents;
using Edge.Sync.Log;
using Edge.Sync.Log.Records;
using Edge.Sync.Projections;
using Edge.Sync.Storage;
using Edge.Sync.Trust.Content;

namespace Edge.Sync;

/// <summary>The keys of documents: taking those that peers send, and destroying those of documents that are erased.</summary>
internal sealed partial class Replica
{
    private const int WaitingBatch = 1000;

    private readonly KeyRing _keys;
    private readonly OfferedKeys _offered;
    private readonly Func<DocumentKey, bool, ContentKey?> _keyToWrite;
    private readonly List<DocumentKey> _forgottenNow = [];
    private readonly HashSet<DocumentKey> _dueForDestruction = [];

    public KeyRing Keys => _keys;

    /// <summary>Forgets a document. Returns the change that says so; null where it was erased before. Whether it is known here makes no difference.</summary>
    /// <remarks>Its keys are destroyed behind the commit; <see cref="DestroyKeys"/> tells whether that went well. The bytes lie in the file until <see cref="IStore.Erase"/> has run.</remarks>
    /// <exception cref="EdgeDocumentException">Parts of it were written without encryption. Nothing was written.</exception>
    public ChangeId? Forget(DocumentKey key, in ChangeMetadata metadata = default)
    {
        if (_store.IsPurged(key)) return null;
        VerifyEncrypted(key);
        return Record(new ForgetRecord(key), metadata);
    }

    /// <summary>Keys that sections wait for, ascending, after one.</summary>
    public IReadOnlyList<ContentKeyId> ReadMissingKeys(ContentKeyId after, int countMax) => _store.ReadWaiting(after, countMax);

    /// <summary>Takes keys from a peer: those that sections wait for. Others are kept in the <paramref name="room"/>, for sections that come over the same link.</summary>
    public void TakeKeys(WaitingRoom room, IReadOnlyList<ContentKey> keys)
    {
        var taken = new List<ContentKeyId>();
        foreach (var key in keys)
        {
            if (_keys.IsForgotten(key.Document) || _keys.Find(key.Id) is not null) continue;
            if (_store.FindWaiting(key.Id).Count == 0) room.Offer(key);
            else if (_keys.Take(key)) taken.Add(key.Id);
        }
        RebuildWaiting(taken);
    }

    /// <summary>Destroys the keys of documents that were erased. Outside of a transaction; nothing where none is due.</summary>
    /// <exception cref="EdgeStorageException">They could not be destroyed. That stays due.</exception>
    public void DestroyKeys()
    {
        if (_dueForDestruction.Count == 0) return;
        // First the record on the medium, then the keys off it: else a power cut could leave a document that nobody can read, and no word of why.
        _store.Sync([]);
        _keys.Destroy(_dueForDestruction);
        _dueForDestruction.Clear();
    }

    private ContentKey? KeyToWrite(DocumentKey document, bool isForgettable) =>
        isForgettable || _keys.HasKeys(document) ? _keys.GetOwn(document, Log.Self, _random) : null;

    /// <summary>Puts the keys of a document out of use that a record erases. What is forgotten takes no key from then on; of others there is none to destroy, mostly.</summary>
    private void ForgetKeys(ErasureRecord erasure)
    {
        if (erasure is not ForgetRecord && !_keys.HasKeys(erasure.Document)) return;
        if (!_keys.Forget(erasure.Document)) return;
        _forgottenNow.Add(erasure.Document);
        _dueForDestruction.Add(erasure.Document);
    }

    // What anybody could read without a key stays readable in every copy, whatever is destroyed.
    private void VerifyEncrypted(DocumentKey key)
    {
        foreach (var stored in ReadSections(key))
            for (var sections = new BodyReader(Change.ParseStored(stored.Bytes).Body); sections.Read();)
                if (sections.Envelope is { Kind: SectionKind.Document, NamesDocument: true } && sections.Envelope.Document == key)
                {
                    throw new EdgeDocumentException(EdgeErrorCode.DocumentNotEncrypted, key,
                        $"Parts of document {key} were written without encryption: no destroyed key makes them unreadable in copies. Purge it instead, with PurgeAsync. Nothing was forgotten.");
                }
    }

    /// <summary>This file's keys must be here before anything is read: without them it would be folded to less than it is.</summary>
    private void VerifyKeys()
    {
        if (_store.KeyMark is not { } mark || mark.IsMetBy(_keys.Mark)) return;
        var what = _keys.Mark is null ? $"The keys of '{_store.Path}' are not beside it: '{_keys.Path}' is missing." : $"'{_keys.Path}' holds keys of another file than '{_store.Path}', or older ones than it needs.";
        throw new EdgeStorageException(EdgeErrorCode.KeysMissing, _store.Path, $"{what} Put the newest key file of this database back. Where it is lost, repair the file: what it cannot read then waits until a peer sends the keys. Nothing was changed.");
    }

    /// <summary>Goes on where a crash, or a file that was put back, left keys and documents apart.</summary>
    private void ReconcileKeys()
    {
        if (_keys.IsEmpty || (_store.KeyMark == _keys.Mark && !_store.AnyPurged)) return;
        Begin();
        try
        {
            var destroyed = _keys.ReadForgotten();
            foreach (var document in _store.ReadPurged().Except(destroyed))
                if (_keys.HasKeys(document) && _keys.Forget(document)) _dueForDestruction.Add(document);
            foreach (var document in destroyed)
                if (_store.ReadDocument(document) is { IsWhole: true }) Rebuild(document);
            for (IReadOnlyList<ContentKeyId> waiting = []; (waiting = _store.ReadWaiting(waiting is [.., var last] ? last : default, WaitingBatch)).Count > 0;)
                RebuildWaiting([.. waiting.Where(key => _keys.Find(key) is not null)]);
            WriteKeyMark();
            Commit();
        }
        catch
        {
            Rollback();
            throw;
        }
    }

    private void RebuildWaiting(IReadOnlyCollection<ContentKeyId> keys)
    {
        foreach (var document in keys.SelectMany(_store.FindWaiting).Distinct().ToList())
            Rebuild(document, isMoreReadable: true);
    }

    /// <summary>Folds a document again from all of its changes, those of the open transaction among them.</summary>
    /// <param name="key">The document.</param>
    /// <param name="isMoreReadable">Whether sections may have come to be readable that could not be judged before.</param>
    /// <param name="version">The change that made it another one, though it has no section for it; 0 where there is none such.</param>
    private void Rebuild(DocumentKey key, bool isMoreReadable = false, long version = 0)
    {
        var judge = isMoreReadable ? JudgeAgain() : null;
        _store.RemoveHoles(key);
        _isAbsentStale = true;
        var fold = new RebuiltDocument(_store, new(key.Id, key.Collection));
        foreach (var stored in ReadSections(key))
        {
            fold.Sequence = stored.Sequence;
            var change = Change.ParseStored(stored.Bytes);
            DocumentFold.Join(change, fold, _offered, judge);
            if (judge is not null) KeepVerdict(change, judge, stored.Sequence);
        }
        _documents.Replace(key, fold.State, fold.IsWhole, version);
        // The only ones may be void by now.
        if (fold.IsWhole && (fold.AnyEvents || _store.ReadEvents(key).Count > 0)) RebuildEvents(key);
    }

    /// <summary>Commits the store's transaction with the keys that it needs, which are durable before.</summary>
    private void CommitStore()
    {
        if (_keys.Flush()) WriteKeyMark();
        _store.Commit(Log);
        _forgottenNow.Clear();
        // The commit stands. What cannot be destroyed now stays due, and whoever asked for it is told.
        try { DestroyKeys(); }
        catch (EdgeStorageException) { }
    }

    private void WriteKeyMark()
    {
        if (_keys.Mark is { } mark && _store.KeyMark != mark) _store.WriteKeyMark(mark);
    }

    private void RollbackKeys()
    {
        _keys.Discard();
        _offered.TakeTaken();
        foreach (var document in _forgottenNow)
        {
            _keys.Remember(document);
            _dueForDestruction.Remove(document);
        }
        _forgottenNow.Clear();
    }

    /// <summary>One document, whose holes are noted anew.</summary>
    private sealed class RebuiltDocument(IStore store, DocumentState state) : IFoldTarget
    {
        public DocumentId? Only => null;

        public DocumentState State => state;

        public bool IsWhole { get; private set; } = true;

        public bool AnyEvents { get; private set; }

        public long Sequence { get; set; }

        public DocumentState? Open(DocumentKey key, int sectionBytes) => IsWhole && key == state.Key ? state : null;

        public void OnEvent(DocumentKey key, EventLogDelta item, Change change) => AnyEvents = true;

        public void OnAbsent(DocumentKey key, int section, ContentKeyId? missing)
        {
            if (key != state.Key) return;
            IsWhole = false;
            store.AddHole(key, new(Sequence, section));
            if (missing is { } id) store.AddWaiting(id, key);
        }
    }
}
