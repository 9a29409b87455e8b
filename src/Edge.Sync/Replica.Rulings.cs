using Edge.Sync.Documents;
using Edge.Sync.Log;
using Edge.Sync.Log.Records;
using Edge.Sync.Storage;

namespace Edge.Sync;

/// <summary>
/// Records that rule over other changes. What they rule is kept in front of each change's bytes, and the documents that those edit are folded anew: so all who hold
/// the same log have the same documents, in whatever order it came.
/// </summary>
internal sealed partial class Replica
{
    private const int RewordBatch = 1024;

    private readonly LogRulings _rulings = new();
    private readonly FastClocks _fastClocks = new();
    private readonly List<long> _rulingSequences = [];
    private readonly HashSet<(long Sequence, int Record)> _idleRejections = [];
    private readonly List<(ChangeId Id, bool IsVoid)> _ruled = [];
    private bool _areRulingsDirty;

    /// <summary>The feeds whose changes lie far ahead of this device's clock now.</summary>
    public IReadOnlyList<FastClock> FastClocks =>
    [
        .. from clock in _fastClocks.Feeds
           where _clock.IsFarAhead(clock.Run.Newest)
           select new FastClock(clock.Feed, IsOwn(clock.Feed), clock.Run.Count, clock.Run.Newest.ToDateTimeOffset(), _clock.Ahead(clock.Run.Newest)),
    ];

    /// <summary>Caps the changes of a feed that are held here and are stamped later than a time. Returns the change that says so; null where there is none such.</summary>
    /// <param name="replica">The feed.</param>
    /// <param name="latest">What they count as.</param>
    /// <param name="metadata">Why and by whom.</param>
    public ChangeId? CapClock(ReplicaId replica, HybridTimestamp latest, in ChangeMetadata metadata = default)
    {
        JoinHeads();
        var (first, last) = (ulong.MaxValue, 0UL);
        var feed = Log.Tree.RootOf(replica);
        foreach (var stored in ReadFeed(feed, 0))
        {
            if (Change.ParseStored(stored.Bytes) is not { Written: var written } change || change.Stamp.CompareTo(latest) <= 0) continue;
            (first, last) = (Math.Min(first, written.First), Math.Max(last, written.First));
        }
        if (last == 0) return null;
        // The change that says so about its own feed is one of them: its clock can go back only behind that.
        if (feed == Log.Self) last = Log.Held[Log.Self] + 1;
        return Record(new ClockCapRecord(feed, first, last, latest), metadata);
    }

    /// <summary>Whether anything was ever written under a replica id that is held here.</summary>
    public bool IsKnown(ReplicaId replica) => Log.Held[replica] > 0 || Log.Tree.IsForked(replica);

    /// <summary>What the clock is told of a change that is appended.</summary>
    private void Observe(Change change)
    {
        if (change.Written.Replica == Log.Self ? !_clock.IsFarAhead(change.Stamp) : _clock.Observe(change.Stamp)) return;
        if (change.Written.Replica != Log.Self) FarFutureCount++;
        _fastClocks.Note(change);
    }

    /// <summary>Rejects a change. Returns the change that says so; null where it is void already.</summary>
    /// <exception cref="ArgumentException">It is not held.</exception>
    /// <exception cref="InvalidOperationException">This device has accepted it.</exception>
    public ChangeId? Reject(ChangeId id, string reason, in ChangeMetadata metadata = default)
    {
        var sequence = _store.FindSequence(id);
        if (sequence == 0) throw new ArgumentException($"Change {id} is not held here. Sync with a peer that has it, then reject it.", nameof(id));
        if (_rulings.Void.Contains(id)) return null;
        var written = Change.ParseStored(_store.ReadChange(sequence).Bytes).Written;
        if (AnyAccepts && Accepted.IsBy(Log.Key, LastOf(sequence))) throw new InvalidOperationException($"Change {id} cannot be rejected: this device has accepted it, and others may have built on that. Write a change that corrects it instead.");
        return Record(new RejectRecord(written.Replica, written.Last.Counter, id, reason), metadata);
    }

    /// <summary>By which change a change is void, and why; null where it counts, or is not held.</summary>
    public Rejection? RejectionOf(ChangeId id) => _rulings.FindRejection(id) is { } rejection ? new(id, rejection.By, rejection.Rejection.Reason) : null;

    /// <summary>Which changes have lost their effect, or have it again, by the transaction that was committed last; in the order in which that was found.</summary>
    public IReadOnlyList<(ChangeId Id, bool IsVoid)> Ruled { get; private set; } = [];

    /// <summary>Under which name a change is held, whether this file wrote it, and what the log says of it: local, accepted or rejected.</summary>
    /// <exception cref="ArgumentException">It is not held.</exception>
    public (Dot Last, bool IsOwn, ReceiptStage Stage) StageOf(ChangeId id)
    {
        var sequence = _store.FindSequence(id);
        if (sequence == 0) throw new ArgumentException($"Change {id} is not held here. Sync with a peer that has it, then ask again.", nameof(id));
        var last = LastOf(sequence);
        var stage = _rulings.Void.Contains(id) ? ReceiptStage.Rejected : IsAccepted(last) ? ReceiptStage.Accepted : ReceiptStage.Local;
        return (last, IsOwn(last.Replica), stage);
    }

    /// <summary>Acts on a change's records that rule over others, once it is appended.</summary>
    private void Rule(List<LogRecord>? records, ChangeId by, long sequence)
    {
        if (records?.Exists(LogRulings.Takes) != true) return;
        _rulingSequences.Add(sequence);
        _areRulingsDirty = true;
        if (records.Exists(static record => record is AcceptRecord))
        {
            NoteAcceptance(sequence);
            _isAccepting = true;
        }
        for (var i = 0; i < records.Count; i++)
            if (records[i] is RejectRecord rejection && IsIdle(rejection, sequence)) _idleRejections.Add((sequence, i));
            else _rulings.Add(by, records[i]);
        var (keys, rejected) = (new HashSet<DocumentKey>(), new HashSet<DocumentKey>());
        if (!_rulings.Void.Contains(by))
            foreach (var cap in records.OfType<ClockCapRecord>()) Cap(cap, sequence, keys);
        foreach (var rejection in _rulings.Decide())
        {
            Reword(ReadRejected(rejection).Where(stored => stored.Sequence <= sequence), rejected);
            foreach (var cap in _rulings.CapsBy(rejection.ChangeId)) Cap(cap, sequence, keys);
        }
        keys.UnionWith(rejected);
        foreach (var key in keys.Where(key => !_store.IsPurged(key)))
            Rebuild(key, version: sequence);
        // What an undo would take back there is gone, or comes again.
        if (_erased is not null)
            foreach (var key in rejected) _erased(key);
    }

    private void Cap(ClockCapRecord cap, long sequence, HashSet<DocumentKey> keys)
    {
        Reword(ReadFeed(cap.Feed, cap.First - 1).Where(stored => stored.Sequence <= sequence), keys);
        var first = _fastClocks.TryGet(cap.Feed, out var run) ? Math.Min(run.First, cap.First) : cap.First;
        _fastClocks.Remove(cap.Feed);
        foreach (var stored in ReadFeed(cap.Feed, first - 1).Where(stored => stored.Sequence <= sequence))
            if (Change.ParseStored(stored.Bytes) is var change && _clock.IsFarAhead(change.Stamp)) _fastClocks.Note(change);
        // What this file wrote counts as no later than that: its clock need not stay behind it.
        if (cap.Feed == Log.Self && Log.Held[Log.Self] > 0 && ReadFeed(Log.Self, Log.Held[Log.Self] - 1).FirstOrDefault() is { Bytes.IsEmpty: false } newest)
            _clock.Reset(Change.ParseStored(newest.Bytes).Stamp);
    }

    /// <summary>The change that a record rejects, where it is held.</summary>
    private IEnumerable<StoredChange> ReadRejected(RejectRecord rejection)
    {
        // One look in each branch: whoever names a change that is not there must not have the whole feed read.
        foreach (var name in Log.Tree.SubtreeOf(rejection.Feed))
            if (_store.FirstSequenceAfter(name, rejection.Last - 1) is not long.MaxValue and var sequence && _store.ReadChange(sequence) is var stored && stored.Id == rejection.ChangeId) yield return stored;
    }

    private bool IsIdle(RejectRecord rejection, long sequence)
    {
        if (!AnyAccepts) return false;
        return OwnerOf(LastOf(sequence).Replica) is { } owner && _acceptances.Exists(acceptance => acceptance.Owner.Equals(owner))
            && ReadRejected(rejection).Select(static stored => stored.Sequence).FirstOrDefault() is > 0 and var rejected && IsAcceptedBefore(rejection.ChangeId, rejected, owner, sequence);
    }

    private Dot LastOf(long sequence) => Change.ParseStored(_store.ReadChange(sequence).Bytes).Header.Last;

    /// <summary>Puts in front of changes what is ruled of them by now.</summary>
    /// <param name="changes">The changes.</param>
    /// <param name="keys">Gets the documents that are spoken of in those that count otherwise than before.</param>
    private void Reword(IEnumerable<StoredChange> changes, HashSet<DocumentKey> keys)
    {
        foreach (var batch in changes.Chunk(RewordBatch))
        {
            var ruled = new List<StoredChange>();
            foreach (var stored in batch.OrderBy(static stored => stored.Sequence))
            {
                var old = Change.ParseStored(stored.Bytes);
                var change = _rulings.Rule(old, stored.Id);
                if (change == old) continue;
                if (change.IsVoid != old.IsVoid) _ruled.Add((stored.Id, change.IsVoid));
                ruled.Add(stored with { Bytes = change.StoredBytes });
                CollectKeys(change, keys);
                for (var i = 0; i < _group.Count; i++)
                    if (_group[i].Header.Last == change.Header.Last) _group[i] = change;
            }
            _store.ReplaceChanges(ruled);
        }
    }

    /// <summary>The changes of a feed and its branches that end after a counter.</summary>
    private IEnumerable<StoredChange> ReadFeed(ReplicaId feed, ulong after)
    {
        foreach (var name in Log.Tree.SubtreeOf(feed))
            for (var counter = after; _store.FirstSequenceAfter(name, counter) is not long.MaxValue and var sequence;)
            {
                var stored = _store.ReadChange(sequence);
                yield return stored;
                counter = stored.Last.Counter;
            }
    }

    private void LoadRulings()
    {
        ClearRulings();
        _fastClocks.Clear();
        if (_store.ReadRulings() is { IsEmpty: false } bytes)
        {
            var (sequences, idle) = RulingsCodec.Read(bytes, _fastClocks);
            _rulingSequences.AddRange(sequences);
            _idleRejections.UnionWith(idle);
            foreach (var sequence in sequences)
            {
                var stored = _store.ReadChange(sequence);
                var records = Projections.DocumentFold.ReadRecords(Change.ParseStored(stored.Bytes), out _) ?? [];
                for (var i = 0; i < records.Count; i++)
                    if (!idle.Contains((sequence, i))) _rulings.Add(stored.Id, records[i]);
            }
            _rulings.Decide();
        }
        _areRulingsDirty = _fastClocks.IsDirty = false;
    }

    private void ClearRulings()
    {
        _rulings.Clear();
        _rulingSequences.Clear();
        _idleRejections.Clear();
        _acceptances.Clear();
        _accepted = null;
        _ruled.Clear();
        _areAcceptancesKnown = false;
        _areRulingsDirty = true;
    }

    private void WriteRulings()
    {
        if (!_areRulingsDirty && !_fastClocks.IsDirty) return;
        _store.WriteRulings(RulingsCodec.Write(_rulingSequences, _idleRejections, _fastClocks));
        _areRulingsDirty = _fastClocks.IsDirty = false;
    }
}
