using Edge.Sync.Documents;
using Edge.Sync.Log;
using Edge.Sync.Projections;

namespace Edge.Sync;

internal sealed partial class Replica
{
    private const int HistoryBytesMax = 1 << 20;

    /// <summary>What is held now.</summary>
    public DatabaseVersion Version => new(Log.Held);

    /// <summary>A document as it was at a version: a state of its own, empty where it had not been written.</summary>
    /// <exception cref="EdgeDataException">This replica has not been at that version.</exception>
    public DocumentState FoldAt(DocumentKey key, DatabaseVersion version)
    {
        VerifyHeld(version);
        if (_store.ReadHoles(key).Count > 0) throw _documents.Incomplete(key);
        var state = new DocumentState(key.Id, key.Collection);
        FoldAt(version, after => _store.ReadDocumentChanges(key, after, HistoryBytesMax), change => DocumentFold.Join(change, new DocumentFold.OneDocument(state), _keys));
        return state;
    }

    /// <summary>All documents of a collection as they were at a version, those that did not exist among them, and without those of which parts are absent.</summary>
    /// <exception cref="EdgeDataException">This replica has not been at that version.</exception>
    public IReadOnlyCollection<DocumentState> FoldAt(string collection, DatabaseVersion version)
    {
        VerifyHeld(version);
        var states = new RebuiltDocuments();
        FoldAt(version, after => _store.ReadChanges(after, HistoryBytesMax), change => DocumentFold.Join(change, states, _keys));
        return [.. states.Documents.Values.Where(state => state.Collection == collection && !states.Absent.Contains(state.Key))];
    }

    /// <summary>Who wrote what a document shows.</summary>
    /// <exception cref="EdgeDocumentException">Parts of it are absent.</exception>
    public DocumentAttribution Attribute(DocumentSchema schema, DocumentKey key)
    {
        if (_store.ReadHoles(key).Count > 0) throw _documents.Incomplete(key);
        var state = new DocumentState(key.Id, key.Collection);
        var authors = new DotAuthors(key, _keys);
        for (long after = 0; _store.ReadDocumentChanges(key, after, HistoryBytesMax) is { Count: > 0 } batch; after = batch[^1].Sequence)
            foreach (var stored in batch)
            {
                DocumentFold.Join(Change.ParseStored(stored.Bytes), new DocumentFold.OneDocument(state), _keys);
                authors.Add(stored);
            }
        return DocumentAuthors.Of(schema, state, authors);
    }

    /// <summary>The next changes of the log, or of one document, each with what proves it; none at the end.</summary>
    public List<(StoredChange Stored, ChangeProof Proof, Rejection? Rejection)> ReadHistory(DocumentKey? key, long after, SealChain chain)
    {
        var batch = key is { } document ? _store.ReadDocumentChanges(document, after, HistoryBytesMax) : _store.ReadChanges(after, HistoryBytesMax);
        return [.. batch.Select(stored => (stored, chain.Prove(Log, stored, ReadFollowing), RejectionOf(stored.Id)))];
    }

    /// <summary>The changes that are void by now, newest first, each with what proves it.</summary>
    /// <param name="own">Only those that this device wrote.</param>
    public List<(StoredChange Stored, ChangeProof Proof, Rejection? Rejection)> ReadRejected(bool own)
    {
        var chain = new SealChain();
        return
        [
            .. _rulings.Void.Where(id => !own || IsOwnChange(id)).Select(_store.FindSequence).Where(static sequence => sequence > 0).OrderDescending().Select(_store.ReadChange)
                .Select(stored => (stored, chain.Prove(Log, stored, ReadFollowing), RejectionOf(stored.Id))),
        ];
    }

    private StoredChange? ReadFollowing(Dot last)
    {
        var sequence = _store.FirstSequenceAfter(last.Replica, last.Counter);
        return sequence == long.MaxValue ? null : _store.ReadChanges(sequence - 1, 1)[0];
    }

    private static void FoldAt(DatabaseVersion version, Func<long, IReadOnlyList<StoredChange>> read, Action<Change> fold)
    {
        for (long after = 0; read(after) is { Count: > 0 } batch; after = batch[^1].Sequence)
            foreach (var stored in batch)
            {
                if (!version.Vector.Contains(stored.Last)) continue;
                var change = Change.ParseStored(stored.Bytes);
                foreach (var dependency in change.Header.Dependencies)
                    if (!version.Vector.Contains(dependency)) throw NeverHeld($"it holds change {stored.Last}, and lacks {dependency}, which that follows");
                fold(change);
            }
    }

    private void VerifyHeld(DatabaseVersion version)
    {
        foreach (var end in version.Vector.ToSortedList())
        {
            if (!Log.Held.Contains(end)) throw NeverHeld($"it holds {end}, and this replica holds {Log.Held[end.Replica]} of that feed. Sync first, then ask again");
            if (!Log.TryGetId(end, out _)) throw NeverHeld($"{end} is not the last operation of a change");
        }
    }

    private static EdgeDataException NeverHeld(string why) =>
        new($"This replica has never been at that version: {why}.", "version", code: EdgeErrorCode.UnknownVersion);
}
