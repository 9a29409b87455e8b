using Edge.Sync.Crdts;
using Edge.Sync.Documents;
using Edge.Sync.Live;
using Edge.Sync.Log;
using Edge.Sync.Projections;
using Edge.Sync.Storage;

namespace Edge.Sync;

/// <summary>The documents that the writer has in memory, and which of them the open transaction has changed.</summary>
/// <remarks>
/// A commit writes a document's new version and its tail: the changes that the stored state lacks. The state itself is written once its tail weighs as much,
/// so that a keystroke in a long text costs a keystroke, and what is written again is never more than what was written anyway.
/// </remarks>
/// <param name="store">Where the others are.</param>
/// <param name="group">The changes of the open transaction.</param>
/// <param name="keys">The keys to fold with.</param>
internal sealed class DocumentCache(IStore store, Func<IReadOnlyList<Change>> group, OfferedKeys keys) : IDocumentSource
{
    /// <summary>Changes that a reader joins to a stored state at most.</summary>
    public const int TailCountMax = 256;

    /// <summary>A tail of so many bytes is joined in no time, however small the state is.</summary>
    public const int TailBytesMin = 512;

    /// <summary>Changes that a document's row names at most, of those that its state holds. So many at once go to the history: a row of their own there for each would cost a page.</summary>
    public const int CoveredCountMax = 32;

    /// <summary>What documents may take in memory between transactions: an estimate, of the order of tens of megabytes.</summary>
    public const long WeightMax = 16 << 20;

    private const int RebuildBytes = 1 << 20;

    private readonly Dictionary<DocumentKey, Entry> _documents = [];
    private readonly List<Entry> _changed = [];
    private readonly HashSet<DocumentKey> _local = [];
    private readonly List<DocumentKey> _removed = [];
    private readonly List<CommittedDocument> _written = [];
    private long _clock;
    private long _weight;

    /// <summary>How many documents are in memory.</summary>
    public int Count => _documents.Count;

    /// <summary>The state of a document with all changes of the open transaction, to join another one into; empty where it has never been written. Null for one that has holes.</summary>
    public DocumentState? Load(DocumentKey key) => LoadEntry(key) is { IsWhole: true } entry ? entry.State : null;

    /// <summary>The same, to edit it.</summary>
    /// <exception cref="EdgeDocumentException">It was forgotten or purged, or parts of it are absent.</exception>
    DocumentState IDocumentSource.Load(DocumentKey key)
    {
        ThrowIfErased(key);
        return Load(key) ?? throw Incomplete(key);
    }

    DocumentState IDocumentSource.LoadToDelete(DocumentKey key, out bool isWhole)
    {
        ThrowIfErased(key);
        isWhole = Load(key) is not null;
        if (isWhole) return Load(key)!;
        // Every change that has a section for it says that it exists, and who answers a replica's latest saying answers the earlier ones: the log's envelopes are enough.
        var state = new DocumentState(key.Id, key.Collection);
        foreach (var stored in ReadChanges(key))
            state.Existence.Join(ExistenceDelta.Touch(stored.Last, []), default);
        return state;
    }

    /// <summary>All changes that have a section for a document, those of the open transaction among them.</summary>
    public IEnumerable<StoredChange> ReadChanges(DocumentKey key)
    {
        var unwritten = Unwritten(key);
        var written = store.ReadDocumentChanges(key, 0, int.MaxValue);
        foreach (var stored in written)
            yield return stored;
        foreach (var sequence in unwritten)
            if (written.Count == 0 || sequence > written[^1].Sequence) yield return store.ReadChange(sequence);
    }

    private void ThrowIfErased(DocumentKey key)
    {
        if (keys.IsForgotten(key))
            throw new EdgeDocumentException(EdgeErrorCode.DocumentForgotten, key, $"Document {key} was forgotten: its keys are destroyed for good, on every replica, and its id cannot be used again in this collection. Make a document with a new id.");
        if (!_documents.ContainsKey(key) && store.IsPurged(key))
            throw new EdgeDocumentException(EdgeErrorCode.DocumentPurged, key, $"Document {key} was purged: it is erased for good, on every replica, and its id cannot be used again in this collection. Make a document with a new id.");
    }

    public DocumentState LoadLocal(DocumentKey key)
    {
        if (store.ReadLocal(key) is not { } bytes) return new(key.Id, key.Collection);
        try { return DocumentCodec.Read(key, bytes); }
        catch (EdgeDataException e) { throw DocumentReader.Damaged(key, store.Path, e); }
    }

    public ulong ReadLastLocal() => store.ReadLastLocal();

    public ulong ReadLastEventDepth() => store.LastEventDepth;

    /// <summary>Notes that fields of a document were written that stay on this device.</summary>
    public void MarkLocal(DocumentKey key) => _local.Add(key);

    /// <summary>Notes that a change of the open transaction has a section for a document.</summary>
    /// <param name="key">The document.</param>
    /// <param name="sequence">The change.</param>
    /// <param name="bytes">What the whole change takes: a reader of the document reads all of it.</param>
    /// <param name="sectionBytes">What its section for the document takes: so much the document grows.</param>
    public void MarkChanged(DocumentKey key, long sequence, int bytes, int sectionBytes)
    {
        var entry = _documents[key];
        Enlist(entry);
        entry.PendingSectionBytes += sectionBytes;
        if (entry.Pending.Count > 0 && entry.Pending[^1] == sequence) return;
        entry.Pending.Add(sequence);
        entry.PendingBytes += bytes;
    }

    /// <summary>The changes of the open transaction that have a section for a document and are not stored with it yet, ascending.</summary>
    public IReadOnlyList<long> Unwritten(DocumentKey key) => _documents.TryGetValue(key, out var entry) ? [.. entry.Pending] : [];

    /// <summary>Drops a document that is about to be removed from the store. Returns the number of its row; 0 for one that has none.</summary>
    public long Remove(DocumentKey key)
    {
        if (_documents.TryGetValue(key, out var entry)) _changed.Remove(entry);
        var row = (entry?.Place ?? store.ReadDocument(key)?.Place ?? default).Row;
        Forget(key);
        _local.Remove(key);
        _removed.Add(key);
        return row;
    }

    /// <summary>Empties a document in which a hole has come up: what is left of it is not folded before it is whole again. Inside a transaction that marks it as changed.</summary>
    public void Hollow(DocumentKey key)
    {
        var old = LoadEntry(key);
        if (old.IsWhole) Replace(old, new(key.Id, key.Collection), isWhole: false);
        // Loaded with its holes just now: what is stored may still be whole.
        else if (old.IsStateDue) Enlist(old);
    }

    /// <summary>Takes a document that was folded again from all of its changes: some of them can be read now that could not be before, or the other way round. Inside a transaction.</summary>
    /// <param name="key">The document.</param>
    /// <param name="state">What it is now.</param>
    /// <param name="isWhole">Whether nothing of it is absent.</param>
    /// <param name="version">The change that made it another one, though it has no section for it: all before that is in the state. 0 where there is none such.</param>
    public void Replace(DocumentKey key, DocumentState state, bool isWhole, long version = 0)
    {
        state.TakeTouched();
        Replace(LoadEntry(key), isWhole ? state : new(key.Id, key.Collection), isWhole);
        // Whoever follows the document goes by its version.
        var entry = _documents[key];
        entry.Version = Math.Max(entry.Version, version);
    }

    /// <summary>What a document with holes answers to those who need it whole.</summary>
    public EdgeDocumentException Incomplete(DocumentKey key) => store.IsWaiting(key) ? new(EdgeErrorCode.KeysMissing, key,
        $"Parts of document {key} cannot be read so far: their keys are not here. Sync with a replica that has them, then go on.") : new(EdgeErrorCode.DocumentIncomplete, key,
        $"Parts of document {key} are not on this device: it was evicted here, or came from a peer that lacks them. Bring it back with FetchAsync, then go on; deleting and purging it work as it is.");

    /// <summary>Stores what the open transaction has changed so far. Returns the documents that are others now; valid until the next call.</summary>
    /// <param name="projector">Gets each document with the number of its row.</param>
    public List<CommittedDocument> WriteChanged(IProjector? projector)
    {
        var changed = _written;
        changed.Clear();
        foreach (var key in _removed)
            changed.Add(new(key, null, ExistenceChanged: true));
        _removed.Clear();
        foreach (var entry in _changed)
        {
            entry.IsChanged = false;
            entry.Tail.AddRange(entry.Pending);
            entry.TailBytes += entry.PendingBytes;
            if (entry.Pending.Count > 0) entry.Version = Math.Max(entry.Version, entry.Pending[^1]);
            Weigh(entry, entry.PendingSectionBytes);
            entry.ClearPending();
            WriteEntry(entry, projector, changed);
        }
        foreach (var key in _local)
        {
            if (LoadEntry(key) is not { Place.Row: > 0, IsWhole: true } entry || _changed.Contains(entry)) continue;
            projector?.Project(entry.State, entry.Place.Row);
            changed.Add(new(key, null, ExistenceChanged: false));
        }
        _local.Clear();
        _changed.Clear();
        return changed;
    }

    private void WriteEntry(Entry entry, IProjector? projector, List<CommittedDocument> changed)
    {
        var isOther = entry.IsStateDue;
        Write(entry, withState: IsDue(entry));
        if (entry.IsWhole) projector?.Project(entry.State, entry.Place.Row);
        else projector?.Remove(entry.State.Key, entry.Place.Row);
        var exists = entry.IsWhole && entry.State.Existence.Exists;
        var touched = entry.State.TakeTouched();
        changed.Add(new(entry.State.Key, entry.IsWhole && !isOther && !_local.Contains(entry.State.Key) ? touched : null, exists != entry.Existed));
        entry.Existed = exists;
    }

    /// <summary>Makes documents again from what is stored and the changes of the open transaction.</summary>
    public void Refold(IEnumerable<DocumentKey> documents)
    {
        foreach (var key in documents)
        {
            if (!_documents.TryGetValue(key, out var old)) continue;
            Forget(key);
            if (!old.IsChanged) continue;
            var entry = LoadEntry(key);
            if (entry.IsWhole)
            {
                foreach (var change in group())
                    DocumentFold.Join(change, new DocumentFold.OneDocument(entry.State), keys);
            }
            entry.TakePending(old);
            entry.IsChanged = true;
            _changed[_changed.IndexOf(old)] = entry;
        }
    }

    /// <summary>Makes a document again from all its changes, since some have other names now, and stores it. Inside a transaction, with nothing of it pending.</summary>
    public void Rebuild(DocumentKey key, IProjector? projector)
    {
        Forget(key);
        // One that lacks sections has no state that could be wrong.
        if (store.ReadDocument(key) is not { IsWhole: true } stored) return;
        var entry = new Entry(new(key.Id, key.Collection)) { Place = stored.Place, Tail = [.. stored.Tail], Covered = [.. stored.Covered] };
        for (long after = 0; store.ReadDocumentChanges(key, after, RebuildBytes) is { Count: > 0 } changes; after = entry.Version)
        {
            foreach (var change in changes)
                DocumentFold.Join(Change.ParseStored(change.Bytes), new DocumentFold.OneDocument(entry.State), keys);
            entry.Version = changes[^1].Sequence;
        }
        _documents.Add(key, entry);
        entry.Used = ++_clock;
        Write(entry, withState: true);
        projector?.Project(entry.State, entry.Place.Row);
        entry.State.TakeTouched();
        entry.Existed = entry.State.Existence.Exists;
    }

    /// <summary>Keeps memory bounded: puts away the documents that were not used for longest. Inside a transaction, after <see cref="WriteChanged"/>.</summary>
    public void Trim()
    {
        if (_weight <= WeightMax) return;
        foreach (var entry in _documents.Values.OrderBy(static entry => entry.Used).TakeWhile(_ => _weight > WeightMax / 2).ToArray())
        {
            if (IsWorthWriting(entry)) Write(entry, withState: true);
            Forget(entry.State.Key);
        }
    }

    /// <summary>Stores a document's state where the stored one lacks a change up to <paramref name="sequence"/>. Inside a transaction that has changed no document.</summary>
    public void Cover(DocumentKey key, long sequence)
    {
        IReadOnlyList<long>? tail = _documents.TryGetValue(key, out var entry) ? entry.Tail : store.ReadDocument(key)?.Tail;
        if (tail is [var oldest, ..] && oldest <= sequence) Write(LoadEntry(key), withState: true);
    }

    /// <summary>Stores the states whose tails are long, so that they are quick to read next time. Inside a transaction.</summary>
    public void WriteStates()
    {
        foreach (var entry in _documents.Values)
            if (IsWorthWriting(entry)) Write(entry, withState: true);
    }

    public void Clear()
    {
        _documents.Clear();
        _changed.Clear();
        _local.Clear();
        _removed.Clear();
        _weight = 0;
    }

    private static bool IsDue(Entry entry) => entry.IsStateDue || entry.Tail.Count >= TailCountMax || entry.TailBytes >= Math.Max(entry.StateBytes, TailBytesMin);

    private static bool IsWorthWriting(Entry entry) => entry.Tail.Count >= TailCountMax / 16 || entry.TailBytes >= Math.Max(entry.StateBytes / 4, TailBytesMin);

    private void Write(Entry entry, bool withState)
    {
        var write = new DocumentWrite(entry.State.Key, entry.Place, entry.State.Existence.Exists, entry.Tail, entry.Version, State: null) { IsWhole = entry.IsWhole };
        if (!withState)
        {
            entry.Place = store.WriteDocument(write);
            return;
        }
        using var scratch = ScratchBuffer.Rent();
        DocumentCodec.Write(entry.State, scratch.Output);
        var bytes = scratch.Output.WrittenCount;
        entry.Covered.AddRange(entry.Tail);
        entry.Tail.Clear();
        write = write with { State = scratch.Output.WrittenMemory };
        if (entry.Covered.Count <= CoveredCountMax) entry.Place = store.WriteDocument(write with { Covered = entry.Covered });
        else
        {
            entry.Place = store.WriteDocument(write with { Settled = entry.Covered });
            entry.Covered.Clear();
        }
        entry.IsStateDue = false;
        entry.TailBytes = 0;
        Weigh(entry, bytes - entry.StateBytes);
        entry.StateBytes = bytes;
    }

    private Entry LoadEntry(DocumentKey key)
    {
        if (!_documents.TryGetValue(key, out var entry))
        {
            entry = Read(key);
            entry.State.TakeTouched();
            entry.Existed = entry.State.Existence.Exists;
            Add(key, entry);
        }
        entry.Used = ++_clock;
        return entry;
    }

    private void Add(DocumentKey key, Entry entry)
    {
        _documents.Add(key, entry);
        Weigh(entry, entry.StateBytes + entry.TailBytes + 128);
    }

    private Entry Read(DocumentKey key)
    {
        // The open transaction may have made holes, or closed them, that are not written with the document yet.
        var isWhole = store.ReadHoles(key).Count == 0;
        if (store.ReadDocument(key) is not { } stored) return new(new(key.Id, key.Collection)) { IsWhole = isWhole };
        var version = stored.Tail is [.., var newest] ? newest : stored.Covers;
        if (!isWhole)
            return new(new(key.Id, key.Collection)) { Place = stored.Place, Version = version, Tail = [.. stored.Tail], Covered = [.. stored.Covered], StateBytes = stored.State?.Length ?? 0, IsWhole = false, IsStateDue = stored.IsWhole };
        if (!stored.IsWhole) stored = stored with { State = null, Covers = 0 };
        var tail = stored.Tail.Length == 0 && stored.IsWhole ? [] : store.ReadDocumentChanges(key, stored.Covers, int.MaxValue);
        try
        {
            return new(DocumentFold.Load(key, stored.State, tail.Select(static change => change.Bytes), keys))
            {
                Place = stored.Place,
                Version = version,
                Tail = [.. stored.Tail],
                Covered = [.. stored.Covered],
                TailBytes = tail.Sum(static change => change.Bytes.Length),
                StateBytes = stored.State?.Length ?? 0,
                IsStateDue = !stored.IsWhole,
            };
        }
        // Nothing may be appended that is not folded.
        catch (EdgeDataException e) { throw DocumentReader.Damaged(key, store.Path, e); }
    }

    // A state takes several times its stored bytes in memory: runs, nodes, dictionaries.
    private void Weigh(Entry entry, int bytes)
    {
        entry.Weight += bytes * 8L;
        _weight += bytes * 8L;
    }

    private void Enlist(Entry entry)
    {
        if (entry.IsChanged) return;
        entry.IsChanged = true;
        _changed.Add(entry);
    }

    /// <summary>Puts another state in a document's place, to be written with the open transaction.</summary>
    private void Replace(Entry old, DocumentState state, bool isWhole)
    {
        var entry = new Entry(state) { Place = old.Place, Version = old.Version, Tail = old.Tail, Covered = old.Covered, TailBytes = old.TailBytes, StateBytes = old.StateBytes, Existed = old.Existed, IsWhole = isWhole, IsStateDue = true, Used = ++_clock };
        entry.TakePending(old);
        if (old.IsChanged) _changed.Remove(old);
        Forget(state.Key);
        Add(state.Key, entry);
        Enlist(entry);
    }

    private void Forget(DocumentKey key)
    {
        if (_documents.Remove(key, out var entry)) _weight -= entry.Weight;
    }

    private sealed class Entry(DocumentState state)
    {
        public DocumentState State { get; } = state;
        public DocumentPlace Place { get; set; }

        /// <summary>Whether the document was there when it was last written.</summary>
        public bool Existed { get; set; }
        public long Version { get; set; }
        public List<long> Tail { get; init; } = [];

        /// <summary>The newest of the changes that the stored state holds: those that are not in the history.</summary>
        public List<long> Covered { get; init; } = [];
        public int TailBytes { get; set; }
        public int StateBytes { get; set; }
        public long Weight { get; set; }
        public long Used { get; set; }

        /// <summary>Whether all sections that name it are there; if not, the state is empty.</summary>
        public bool IsWhole { get; init; } = true;

        /// <summary>Whether the open transaction writes it.</summary>
        public bool IsChanged { get; set; }

        /// <summary>Whether the stored state must be replaced at the next write, however short the tail is.</summary>
        public bool IsStateDue { get; set; }

        /// <summary>The changes of the open transaction.</summary>
        public List<long> Pending { get; private set; } = [];
        public int PendingBytes { get; set; }
        public int PendingSectionBytes { get; set; }

        public void TakePending(Entry other) => (Pending, PendingBytes, PendingSectionBytes) = (other.Pending, other.PendingBytes, other.PendingSectionBytes);

        public void ClearPending()
        {
            Pending.Clear();
            (PendingBytes, PendingSectionBytes) = (0, 0);
        }
    }
}
