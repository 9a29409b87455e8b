using Edge.Sync.Log;
using Edge.Sync.Replication;
using Edge.Sync.Storage;

namespace Edge.Sync;

internal sealed partial class Replica
{
    /// <summary>Of so many documents of which sections are absent peers are told; of more only that there are many.</summary>
    public const int AbsentMax = 1000;

    private LogVersion _synced = LogVersion.Empty;
    private IReadOnlyList<DocumentKey>? _absent = [];
    private bool _isAbsentStale = true;

    /// <summary>What is committed now, and which own changes must be sealed before it may leave. Costs nothing while the log has not moved: idle sessions ask every second.</summary>
    public (LogVersion Version, DueSeal[] Due, bool IsDone) PlanSync()
    {
        var absent = ReadAbsentDocuments();
        if (_synced.Sequence == _store.LastSequence && _synced.BranchCount == Log.Tree.BranchCount && ReferenceEquals(_synced.Absent, absent)) return (_synced, [], true);
        return (Log.ToVersion(_store.LastSequence, FastClocks, !_store.MayEvict, absent), Due(), false);
    }

    /// <summary>What peers are told of holes here: it goes with a version, and is as durable as that.</summary>
    private IReadOnlyList<DocumentKey>? ReadAbsentDocuments()
    {
        if (_store.MayEvict) return null;
        if (!_isAbsentStale) return _absent;
        var absent = _store.ReadIncomplete(default, AbsentMax + 1);
        if (absent.Count > AbsentMax) _absent = null;
        else if (_absent is null || !absent.SequenceEqual(_absent)) _absent = absent;
        _isAbsentStale = false;
        return _absent;
    }

    /// <summary>Stores the seals that <see cref="PlanSync"/> asked for, and makes its version survive a power cut. Nothing beyond the version returned may leave.</summary>
    /// <returns>What has survived; null where feeds have got other names since the plan was made: make another one.</returns>
    public LogVersion? Sync(LogVersion version, IReadOnlyList<Seal> seals)
    {
        if (version.BranchCount != Log.Tree.BranchCount) return null;
        _store.Sync(seals);
        foreach (var seal in seals)
            PlanSeals()[seal.Last.Replica].Sealed(seal.Last);
        // Two sessions may have planned at once: the later plan holds the earlier one.
        if (version.Sequence >= _synced.Sequence) _synced = version;
        return _synced;
    }

    private DueSeal[] Due()
    {
        var due = new List<DueSeal>();
        foreach (var (feed, plan) in PlanSeals())
            foreach (var end in plan.Due())
                due.Add(new(Log.Tree.RootOf(feed), end));
        return [.. due];
    }

    // Not before a sync asks for it: a device that has been alone for a month would read all that it wrote, each time it is opened.
    private Dictionary<ReplicaId, SealPlan> PlanSeals()
    {
        if (_seals is not null) return _seals;
        _seals = new() { [Log.Self] = PlanSeals(Log.Self) };
        // What this file wrote under a name that it has left may lack a seal. What others wrote there has one: nothing else is taken in.
        foreach (var left in Log.Tree.Left)
            foreach (var feed in Log.Tree.SubtreeOf(left))
                if (!Log.Tree.IsForked(feed)) _seals[feed] = PlanSeals(feed);
        return _seals;
    }

    private SealPlan PlanSeals(ReplicaId feed)
    {
        var plan = new SealPlan();
        foreach (var (end, bytes) in _store.ReadUnsealed(feed))
            plan.Append(end, bytes);
        return plan;
    }

    /// <summary>Applies what is sealed of a batch from a peer, and what waited in the peer's <paramref name="room"/> for these seals. A false change ends the batch; what came before stands.</summary>
    /// <param name="room">Where what is not sealed so far waits.</param>
    /// <param name="changes">The batch.</param>
    /// <param name="guest">Who is at the other end; null where the link does not know.</param>
    public ApplyOutcome Receive(WaitingRoom room, ReadOnlySpan<ReceivedChange> changes, SyncGuest? guest = null)
    {
        var outcome = new ApplyOutcome();
        try { Take(room, changes, outcome); }
        catch (EdgeDataException e) { outcome.Refused = e; }
        _offered.Room = room;
        try
        {
            room.Release(Log, (change, id, past, place, signature) =>
            {
                ApplyJudged(change, id, past, place, signature, guest);
                outcome.AcceptedCount++;
            });
        }
        catch (EdgeDataException e) { outcome.Refused ??= e; }
        finally { _offered.Room = null; }
        // What came over another link may have waited for a key that came over this one.
        RebuildWaiting(_offered.TakeTaken());
        if (outcome.Refused is not null) room.Clear();
        outcome.Sequence = Math.Max(LastAppended, _store.LastSequence);
        return outcome;
    }

    private void Take(WaitingRoom room, ReadOnlySpan<ReceivedChange> changes, ApplyOutcome outcome)
    {
        foreach (var received in changes)
        {
            var verdict = room.Take(Log, received, out var last, out var held);
            outcome.AnyEarly |= verdict is AdmissionVerdict.Early or AdmissionVerdict.Untold;
            outcome.AnyUntold |= verdict == AdmissionVerdict.Untold;
            if (verdict == AdmissionVerdict.Duplicate) outcome.DuplicateCount++;
            if (held is { } end) outcome.Held[end.Last.Replica] = end;
            if (last.Counter > 0 && verdict != AdmissionVerdict.Untold) outcome.Known.Add(last);
        }
    }

    /// <summary>Reads what a peer lacks, up to the last <see cref="Sync"/>.</summary>
    public (List<StoredChange> Changes, long Cursor) ReadChanges(ReadRequest request)
    {
        var after = request.After >= 0 ? request.After : ChangeScan.Start(_store, Log.Held, request.Known);
        var (changes, cursor) = ChangeScan.Read(_store, request.Known, after, _synced.Sequence, request.BytesMax);
        if (request.Tells)
            for (var i = 0; i < changes.Count; i++)
                changes[i] = changes[i] with { Past = PastOf(Change.ParseStored(changes[i].Bytes)) };
        return (changes, cursor);
    }

    private byte[] PastOf(Change change)
    {
        var past = new byte[(1 + change.Header.Dependencies.Length) * ChangeId.SizeBytes];
        if (change.Before.Counter > 0) Write(change.Before, past);
        for (var i = 0; i < change.Header.Dependencies.Length; i++)
            Write(change.Header.Dependencies[i], past.AsSpan((i + 1) * ChangeId.SizeBytes));
        return past;

        void Write(Dot last, Span<byte> destination)
        {
            if (!Log.TryGetId(last, out var id)) throw new System.Diagnostics.UnreachableException($"What change {change.Header.Last} follows is not held: {last}.");
            id.Hash.WriteTo(destination);
        }
    }
}
