using Edge.Sync.Crdts;
using Edge.Sync.Documents;
using Edge.Sync.Documents.Undo;
using Edge.Sync.Live;
using Edge.Sync.Log;
using Edge.Sync.Machines;
using Edge.Sync.Projections;
using Edge.Sync.Storage;
using Edge.Sync.Trust.Content;

namespace Edge.Sync;

/// <summary>
/// One copy of a database: its log, and the documents that the log folds to. Local edits and changes from peers take one way:
/// append to the log, join into the documents, project, all in one transaction.
/// </summary>
/// <remarks>
/// Deterministic: no clock, randomness or thread but those passed in. All members are called from the writer, one at a time, and those that
/// write between <see cref="Begin"/> and <see cref="Commit"/> or <see cref="Rollback"/>.
/// </remarks>
internal sealed partial class Replica
{
    private readonly IStore _store;
    private readonly EdgeRandom _random;
    private readonly HybridClock _clock;
    private readonly IProjector? _projector;
    private readonly DocumentCache _documents;
    private readonly List<Change> _group = [];
    private readonly PublicKey _key;
    private readonly Action<DocumentKey>? _erased;
    private Dictionary<ReplicaId, SealPlan>? _seals;
    private bool _isStale;

    /// <exception cref="EdgeStorageException">The store cannot be read, or its own feed began under another key.</exception>
    public Replica(IStore store, TimeProvider timeProvider, EdgeRandom random, TimeSpan clockDriftMax, PublicKey key, IProjector? projector = null, KeyRing? keys = null, Action<DocumentKey>? erased = null)
    {
        (_store, _random, _key, _projector, _erased) = (store, random, key, projector, erased);
        _clock = new(timeProvider, clockDriftMax);
        _keys = keys ?? new(new MemoryKeyStore(1));
        _offered = new(_keys);
        _keyToWrite = KeyToWrite;
        _documents = new(store, () => _group, _offered);
        Log = LoadLog();
        if (store.FoldVersion != DocumentFold.Version) RebuildAll();
        ReconcileKeys();
    }

    /// <summary>What is held of all feeds.</summary>
    public ChangeLog Log { get; private set; }

    public IStore Store => _store;

    /// <summary>The names that only one document may bear.</summary>
    public NameClaims Claims { get; } = new();

    /// <summary>Whether projections of the app are still being made.</summary>
    public bool IsProjecting => _projector?.IsProjecting == true;

    /// <summary>The sequence of the change that was appended last, in the open transaction too.</summary>
    public long LastAppended { get; private set; }

    /// <summary>Operations and sections that were passed over because they are malformed. They stay in the log and are passed on.</summary>
    public long VoidCount { get; private set; }

    /// <summary>Changes whose stamp lies further ahead than this replica's clock follows.</summary>
    public long FarFutureCount { get; private set; }

    /// <summary>How many changes of this replica the last commit held.</summary>
    public int CommittedOwn { get; private set; }

    /// <summary>How many changes of others the last commit held.</summary>
    public int CommittedForeign { get; private set; }

    /// <summary>How many documents are in memory.</summary>
    public int CachedDocumentCount => _documents.Count;

    /// <summary>Starts a transaction that holds any number of edits and changes.</summary>
    public void Begin()
    {
        Recover();
        _group.Clear();
        _store.Begin(Log);
    }

    /// <summary>Appends and folds a change whose origin the caller vouches for: its seal is stored as it is. What peers send goes through <see cref="Receive"/>.</summary>
    /// <param name="bytes">Header and body.</param>
    /// <param name="signature">The seal behind the change; empty where none stands there.</param>
    /// <exception cref="EdgeDataException">It can never be appended. The log and the documents are as before.</exception>
    /// <param name="told">See <see cref="ChangeLog.FindPast"/>.</param>
    public AdmissionVerdict Apply(ReadOnlyMemory<byte> bytes, ReadOnlyMemory<byte> signature = default, ReadOnlySpan<ChangeId> told = default)
    {
        var change = Change.Parse(bytes);
        var verdict = Log.FindPast(change, told, room: null, out var past);
        if (verdict != AdmissionVerdict.Accepted) return verdict;
        var id = change.ComputeId(Log.Database, past[0], past.AsSpan(1));
        var place = Log.Locate(change, past, id);
        if (place.Verdict == AdmissionVerdict.Accepted) Apply(change, id, past, place, signature);
        return place.Verdict;
    }

    /// <summary>Writes the changed documents and their projections, and commits. Returns what has changed of which documents; valid until the next call.</summary>
    /// <exception cref="EdgeStorageException">Nothing was committed. <see cref="Rollback"/> must follow.</exception>
    public IReadOnlyList<CommittedDocument> Commit()
    {
        var changed = _documents.WriteChanged(_projector);
        _projector?.ProjectEvents();
        changed.InsertRange(0, _rebuilt);
        _rebuilt.Clear();
        _documents.Trim();
        WriteBranches();
        if (_keepers.UnsavedCount >= KeepersUnsavedMax) SaveKeepers();
        WriteRulings();
        Ruled = _ruled.Count == 0 ? [] : [.. _ruled];
        _ruled.Clear();
        (HasAccepted, _isAccepting) = (_isAccepting, false);
        CommitStore();
        CountCommitted();
        _group.Clear();
        return changed;
    }

    /// <summary>Forgets all since <see cref="Begin"/>.</summary>
    public void Rollback()
    {
        _isStale = true;
        _store.Rollback();
        LastAppended = 0;
        _isAccepting = false;
        _group.Clear();
        _rebuilt.Clear();
        _documents.Clear();
        RollbackKeys();
        Recover();
    }

    /// <summary>Reads what the file says where a rollback could not, because the medium failed then too. Until that succeeds nothing may be read or written.</summary>
    public void Recover()
    {
        if (!_isStale) return;
        _projector?.Reload();
        Log = LoadLog();
        _isStale = false;
    }

    private void CountCommitted()
    {
        CommittedOwn = 0;
        foreach (var change in _group)
            if (change.Header.Replica == Log.Self) CommittedOwn++;
        CommittedForeign = _group.Count - CommittedOwn;
    }

    private ChangeLog LoadLog()
    {
        ForgetGraph();
        var log = new ChangeLog(_store.Database, _store.Replica, _key, _store);
        log.Tree.Load(_store.ReadBranches());
        _clock.Restore(_store.Load(log));
        if (log.TryGetOwner(log.Self, out var owner) && !owner.Equals(_key))
            throw new EdgeStorageException(EdgeErrorCode.OtherDeviceKey, _store.Path, $"What was written to '{_store.Path}' on this device is sealed with another key ({owner}) than the one given ({_key}). Open it with the device key that it was made with.");
        _seals = null;
        _kept = null;
        _isAbsentStale = true;
        if (_store.MayEvict) _keepers.Load(_store.ReadKeepers());
        LoadRulings();
        VerifyKeys();
        return log;
    }

    private void Apply(Change change, ChangeId id, ChangeId[] past, Place place, ReadOnlyMemory<byte> signature)
    {
        Take(PutInPlace(change, id, past, place), id, signature);
        if (change.Written.Replica == Log.Self) LeaveFeed();
    }

    private void Take(Change change, ChangeId id, ReadOnlyMemory<byte> signature)
    {
        change = Screen(change, id, out var records);
        var (sequence, _) = Append(change, Admission.Accept(id), signature);
        VoidCount += Fold(change, sequence);
        Rule(records, id, sequence);
    }

    private (long Sequence, ChangeId Id) Append(Change change, Admission admission, ReadOnlyMemory<byte> signature = default)
    {
        if (admission.Verdict != AdmissionVerdict.Accepted) throw new System.Diagnostics.UnreachableException($"The log refuses a change of its own replica: {admission.Verdict}.");
        change = _rulings.Rule(change, admission.Id);
        Observe(change);
        var sequence = _store.Append(change, admission.Id, signature);
        LastAppended = sequence;
        _kept = null;
        Log.Append(change, admission.Id);
        _graph?.Add(change);
        if (!Log.Tree.IsEmpty) NoteSeen(change);
        if (change.Header.Replica != Log.Self) _seals?[Log.Self].AppendForeign(change.Bytes.Length);
        else if (signature.IsEmpty) _seals?[Log.Self].Append(new(change.Header.Last, admission.Id), change.Bytes.Length);
        _group.Add(change);
        return (sequence, admission.Id);
    }

    private int Fold(Change change, long sequence)
    {
        var voided = DocumentFold.Join(change, new ChangedDocuments(this, sequence, change.Bytes.Length), _offered, Judge);
        KeepVerdict(change, Judge, sequence);
        return voided;
    }

    /// <summary>Loads each document that a change has a section for, and notes that it has changed.</summary>
    private readonly struct ChangedDocuments(Replica replica, long sequence, int bytes) : IFoldTarget
    {
        public DocumentId? Only => null;

        public DocumentState? Open(DocumentKey key, int sectionBytes)
        {
            if (replica._store.IsPurged(key)) return null;
            var document = replica._documents.Load(key);
            replica._documents.MarkChanged(key, sequence, bytes, sectionBytes);
            return document;
        }

        public void OnEvent(DocumentKey key, EventLogDelta item, Change change) => replica.AppendEvent(key, item, change, change.Stamp, sequence);

        public void OnAbsent(DocumentKey key, int section, ContentKeyId? missing)
        {
            if (replica._store.IsPurged(key)) return;
            if (missing is { } id) replica._store.AddWaiting(id, key);
            replica._store.AddHole(key, new(sequence, section));
            replica._isAbsentStale = true;
            replica._documents.Hollow(key);
            replica._documents.MarkChanged(key, sequence, bytes, 0);
        }
    }
}
