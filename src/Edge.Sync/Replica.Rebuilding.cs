using System.Security.Cryptography;
using Edge.Sync.Crdts;
using Edge.Sync.Documents;
using Edge.Sync.Log;
using Edge.Sync.Log.Records;
using Edge.Sync.Projections;
using Edge.Sync.Trust.Content;

namespace Edge.Sync;

/// <summary>What is stored of documents, as a whole, and how it is made again from the log.</summary>
internal sealed partial class Replica
{
    private const int BatchBytes = 1 << 20;

    /// <summary>The states of all documents, ascending by collection (ordinal) and id, each with all its changes.</summary>
    public IEnumerable<(DocumentKey Key, byte[] State)> ReadDocuments()
    {
        foreach (var (key, stored) in _store.ReadDocuments())
            yield return (key, !stored.IsWhole ? DocumentCodec.Write(new(key.Id, key.Collection)) : stored is { State: { } state, Tail: [] } ? state : ReadFolded(key, stored.State, stored.Covers));
    }

    /// <summary>A hash over the states of all documents: equal on two replicas exactly when their documents are.</summary>
    public byte[] ComputeStateHash()
    {
        using var sha = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var (key, state) in ReadDocuments())
            StateHash.Append(sha, key, state);
        return sha.GetHashAndReset();
    }

    /// <summary>Folds the whole log again, from nothing: what is stored must equal it. In memory; for tests.</summary>
    /// <param name="isJudged">Whether to find out again what its sections name, and not to believe what stands in front of the changes.</param>
    public IReadOnlyDictionary<DocumentKey, DocumentState> Rebuild(bool isJudged = false)
    {
        var rebuilt = new RebuiltDocuments();
        var graph = new ChangeGraph();
        var pasts = new ChangePasts(graph);
        var judge = isJudged ? new PastJudge(Log.Tree, () => pasts) : null;
        foreach (var batch in ReadLog())
            foreach (var stored in batch)
            {
                var change = Change.ParseStored(stored.Bytes);
                rebuilt.Take(DocumentFold.ReadRecords(change, out _));
                if (isJudged) graph.Add(change);
                DocumentFold.Join(change, rebuilt, _keys, judge);
            }
        return rebuilt.ToDocuments();
    }

    /// <summary>
    /// Makes all that follows from the log again, in one transaction: documents, which changes each one has, read models. Memory stays bounded, however long the log is.
    /// </summary>
    /// <param name="progress">Gets the newest change that is folded, after each batch.</param>
    /// <exception cref="EdgeStorageException">Nothing was changed.</exception>
    public void RebuildAll(Action<long>? progress = null)
    {
        Begin();
        try
        {
            _documents.Clear();
            _store.ClearDocuments(DocumentFold.Version);
            _isAbsentStale = true;
            ForgetGraph();
            _graph = new();
            ClearRulings();
            _fastClocks.Clear();
            _projector?.Clear();
            foreach (var batch in ReadLog())
            {
                foreach (var stored in batch)
                {
                    var change = Screen(stored, out var records);
                    if (_clock.IsFarAhead(change.Stamp)) _fastClocks.Note(change);
                    _graph.Add(change);
                    Fold(change, stored.Sequence);
                    Rule(records, stored.Id, stored.Sequence);
                }
                _documents.WriteChanged(_projector);
                _documents.Trim();
                progress?.Invoke(batch[^1].Sequence);
            }
            _projector?.ProjectEvents();
            WriteRulings();
            _ruled.Clear();
            CommitStore();
        }
        catch
        {
            Rollback();
            throw;
        }
    }

    /// <summary>Packs the oldest changes of the log: one segment. Returns how many; 0 where nothing is to be packed yet.</summary>
    /// <remarks>Each document that they edit gets its state stored where that lacks one of them, so that whoever reads a document opens no segment.</remarks>
    /// <exception cref="EdgeStorageException">Nothing was changed.</exception>
    /// <param name="changesMax">The most changes in it, up to <see cref="Storage.Segments.LogSegment.ChangesMax"/>.</param>
    public int Pack(int changesMax)
    {
        Recover();
        var changes = _store.ReadPackable(changesMax);
        if (changes.Count == 0) return 0;
        Begin();
        try
        {
            foreach (var stored in changes)
                foreach (var section in ChangeCodec.ReadSections(Change.ParseStored(stored.Bytes).Body))
                    if (SectionEnvelope.Of(section) is { NamesDocument: true } envelope) _documents.Cover(envelope.Document, changes[^1].Sequence);
            _documents.Trim();
            _store.Pack(changes);
            _store.Commit(Log);
            return changes.Count;
        }
        catch
        {
            Rollback();
            throw;
        }
    }

    /// <summary>Stores the states that are worth it before the file is closed. Where it fails nothing is lost.</summary>
    public void Close()
    {
        if (_isStale) return;
        try
        {
            Begin();
            _documents.WriteStates();
            SaveKeepers();
            _store.Settle(Log);
            _store.Commit(Log);
        }
        catch (EdgeStorageException)
        {
            _store.Rollback();
        }
    }

    private IEnumerable<StoredChange> ReadLog(long after)
    {
        for (; _store.ReadChanges(after, BatchBytes) is { Count: > 0 } batch; after = batch[^1].Sequence)
            foreach (var stored in batch) yield return stored;
    }

    private IEnumerable<IReadOnlyList<StoredChange>> ReadLog()
    {
        for (long after = 0; _store.ReadChanges(after, BatchBytes) is { Count: > 0 } batch; after = batch[^1].Sequence)
            yield return batch;
    }

    private byte[] ReadFolded(DocumentKey key, byte[]? state, long covers)
    {
        try
        {
            var tail = _store.ReadDocumentChanges(key, covers, int.MaxValue).Select(static change => change.Bytes);
            return DocumentCodec.Write(DocumentFold.Load(key, state, tail, _keys));
        }
        catch (EdgeDataException e) { throw DocumentReader.Damaged(key, _store.Path, e); }
    }

    private sealed class RebuiltDocuments : IFoldTarget
    {
        public DocumentId? Only => null;

        public Dictionary<DocumentKey, DocumentState> Documents { get; } = [];

        /// <summary>The documents of which sections are absent, purged ones among them.</summary>
        public HashSet<DocumentKey> Absent { get; } = [];

        private readonly HashSet<DocumentKey> _purged = [];

        public DocumentState? Open(DocumentKey key, int sectionBytes) => Documents.TryGetValue(key, out var state) ? state : Documents[key] = new(key.Id, key.Collection);

        public void OnAbsent(DocumentKey key, int section, ContentKeyId? missing) => Absent.Add(key);

        public void OnEvent(DocumentKey key, EventLogDelta item, Change change) { }

        public void Take(List<LogRecord>? records)
        {
            foreach (var erasure in records?.OfType<ErasureRecord>() ?? [])
                _purged.Add(erasure.Document);
        }

        /// <summary>All of them: without those that were purged, and empty where sections are absent.</summary>
        public Dictionary<DocumentKey, DocumentState> ToDocuments()
        {
            foreach (var key in Absent)
                Documents[key] = new(key.Id, key.Collection);
            foreach (var key in _purged)
                Documents.Remove(key);
            return Documents;
        }
    }
}
