using Edge.Sync.Log;
using Edge.Sync.Replication;
using Edge.Sync.Storage;

namespace Edge.Sync;

internal sealed partial class Replica
{
    private LogVersion _synced = LogVersion.Empty;

    /// <summary>What is committed now, and which own changes must be sealed before it may leave. Costs nothing while the log has not moved: idle sessions ask every second.</summary>
    public (LogVersion Version, FeedEnd[] Due, bool IsDone) PlanSync() =>
        _synced.Sequence == _store.LastSequence ? (_synced, [], true) : (Log.ToVersion(_store.LastSequence), PlanSeals().Due(), false);

    /// <summary>Stores the seals that <see cref="PlanSync"/> asked for, and makes its version survive a power cut. Nothing beyond the version returned may leave.</summary>
    public LogVersion Sync(LogVersion version, IReadOnlyList<Seal> seals)
    {
        _store.Sync(seals);
        foreach (var seal in seals)
            PlanSeals().Sealed(seal.Last);
        // Two sessions may have planned at once: the later plan holds the earlier one.
        if (version.Sequence >= _synced.Sequence) _synced = version;
        return _synced;
    }

    // Not before a sync asks for it: a device that has been alone for a month would read all that it wrote, each time it is opened.
    private SealPlan PlanSeals()
    {
        if (_seals is not null) return _seals;
        _seals = new();
        foreach (var (end, bytes) in _store.ReadUnsealed())
            _seals.Append(end, bytes);
        return _seals;
    }

    /// <summary>Applies what is sealed of a batch from a peer, and what waited in the peer's <paramref name="room"/> for these seals. A false change ends the batch; what came before stands.</summary>
    public ApplyOutcome Receive(WaitingRoom room, ReadOnlySpan<ReceivedChange> changes)
    {
        var outcome = new ApplyOutcome();
        try { Take(room, changes, outcome); }
        catch (EdgeDataException e) { outcome.Refused = e; }
        _offered.Room = room;
        try
        {
            room.Release(Log, (change, admission, signature) =>
            {
                Apply(change, admission, signature);
                outcome.AcceptedCount++;
            });
        }
        catch (EdgeDataException e) { outcome.Refused ??= e; }
        finally { _offered.Room = null; }
        // What came over another link may have waited for a key that came over this one.
        RebuildWaiting(_offered.TakeTaken());
        if (outcome.Refused is not null) room.Clear();
        return outcome;
    }

    private void Take(WaitingRoom room, ReadOnlySpan<ReceivedChange> changes, ApplyOutcome outcome)
    {
        foreach (var received in changes)
        {
            var verdict = room.Take(Log, received, out var last);
            if (verdict == AdmissionVerdict.Early) { outcome.AnyEarly = true; continue; }
            outcome.AnyDuplicate |= verdict == AdmissionVerdict.Duplicate;
            outcome.Known.Add(last);
        }
    }

    /// <summary>Reads what a peer lacks, up to the last <see cref="Sync"/>.</summary>
    public (List<StoredChange> Changes, long Cursor) ReadChanges(ReadRequest request)
    {
        var after = request.After >= 0 ? request.After : ChangeScan.Start(_store, Log.Held, request.Known);
        return ChangeScan.Read(_store, request.Known, after, _synced.Sequence, request.BytesMax);
    }
}
