using Edge.Sync.Log;
using Edge.Sync.Replication;
using Edge.Sync.Storage;

namespace Edge.Sync;

internal sealed partial class Replica
{
    private LogVersion? _synced;

    /// <summary>Makes all that is committed survive a power cut, and says what that is. Costs nothing while the log has not moved: idle sessions ask every second.</summary>
    public LogVersion Sync()
    {
        _store.Sync();
        if (_synced?.Sequence != _store.SyncedSequence) _synced = Log.ToVersion(_store.SyncedSequence);
        return _synced;
    }

    /// <summary>Applies a batch from a peer, in order. A change that can never be appended ends it; what came before stands.</summary>
    public ApplyOutcome ApplyAll(ReadOnlySpan<ReadOnlyMemory<byte>> changes)
    {
        var outcome = new ApplyOutcome();
        foreach (var bytes in changes)
        {
            try
            {
                var verdict = Apply(bytes, out var last);
                if (verdict == AdmissionVerdict.Early) { outcome.AnyEarly = true; continue; }
                if (verdict == AdmissionVerdict.Accepted) outcome.AcceptedCount++;
                else outcome.AnyDuplicate = true;
                outcome.Held.Add(last);
            }
            catch (EdgeDataException e)
            {
                outcome.Refused = e;
                break;
            }
        }
        return outcome;
    }

    /// <summary>Reads what a peer lacks.</summary>
    public (List<StoredChange> Changes, long Cursor) ReadChanges(ReadRequest request)
    {
        var after = request.After >= 0 ? request.After : ChangeScan.Start(_store, Log.Held, request.Known);
        return ChangeScan.Read(_store, request.Known, after, request.BytesMax);
    }
}
