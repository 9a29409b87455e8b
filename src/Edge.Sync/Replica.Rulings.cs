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

    /// <summary>Acts on a change's records that rule over others, once it is appended.</summary>
    private void Rule(List<LogRecord>? records, long sequence)
    {
        if (records?.Exists(LogRulings.Takes) != true) return;
        _rulingSequences.Add(sequence);
        _areRulingsDirty = true;
        var keys = new HashSet<DocumentKey>();
        foreach (var record in records)
        {
            _rulings.Add(record);
            if (record is ClockCapRecord cap) Cap(cap, sequence, keys);
        }
        foreach (var key in keys.Where(key => !_store.IsPurged(key)))
            Rebuild(key);
    }

    private void Cap(ClockCapRecord cap, long sequence, HashSet<DocumentKey> keys)
    {
        Reword(ReadFeed(cap.Feed, cap.First - 1).Where(stored => stored.Sequence <= sequence), keys);
        if (_fastClocks.TryGet(cap.Feed, out var run))
        {
            _fastClocks.Remove(cap.Feed);
            foreach (var stored in ReadFeed(cap.Feed, run.First - 1))
                if (stored.Last.Counter <= run.Last && Change.ParseStored(stored.Bytes) is var change && _clock.IsFarAhead(change.Stamp)) _fastClocks.Note(change);
        }
        // What this file wrote counts as no later than that: its clock need not stay behind it.
        if (cap.Feed == Log.Self && Log.Held[Log.Self] > 0 && ReadFeed(Log.Self, Log.Held[Log.Self] - 1).FirstOrDefault() is { Bytes.IsEmpty: false } newest)
            _clock.Reset(Change.ParseStored(newest.Bytes).Stamp);
    }

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
                var change = _rulings.Rule(old);
                if (change == old) continue;
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

    private bool IsOwn(ReplicaId feed) => feed == Log.Self || Log.Tree.Left.Contains(feed);

    private void LoadRulings()
    {
        ClearRulings();
        _fastClocks.Clear();
        if (_store.ReadRulings() is { IsEmpty: false } bytes)
        {
            _rulingSequences.AddRange(RulingsCodec.Read(bytes, _fastClocks));
            foreach (var sequence in _rulingSequences)
                foreach (var record in Projections.DocumentFold.ReadRecords(Change.ParseStored(_store.ReadChange(sequence).Bytes), out _) ?? [])
                    _rulings.Add(record);
        }
        _areRulingsDirty = _fastClocks.IsDirty = false;
    }

    private void ClearRulings()
    {
        _rulings.Clear();
        _rulingSequences.Clear();
        _areRulingsDirty = true;
    }

    private void WriteRulings()
    {
        if (!_areRulingsDirty && !_fastClocks.IsDirty) return;
        _store.WriteRulings(RulingsCodec.Write(_rulingSequences, _fastClocks));
        _areRulingsDirty = _fastClocks.IsDirty = false;
    }
}
