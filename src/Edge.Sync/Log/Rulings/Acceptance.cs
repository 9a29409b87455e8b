using Edge.Sync.Log.Records;

namespace Edge.Sync.Log;

/// <summary>Finds out whether whoever rejects a change had accepted it before: then the rejection is without effect, on every replica, since it follows from the graph of changes alone.</summary>
/// <remarks>Goes once over the changes from the rejected one to the rejecting one, in any order that keeps causality. Of each feed it keeps from which counter on it follows: whatever comes later in a feed follows too.</remarks>
internal sealed class Acceptance(ChangeId rejected, PublicKey owner, Func<ReplicaId, PublicKey?> ownerOf)
{
    private readonly Dictionary<ReplicaId, ulong> _following = [];
    private readonly Dictionary<ReplicaId, ulong> _accepting = [];

    /// <summary>Whether any change so far accepts it.</summary>
    public bool IsAccepted => _accepting.Count > 0;

    /// <summary>Takes the next change. Returns whether it follows an acceptance of the rejected change by that owner.</summary>
    public bool Take(Change change, ChangeId id, Func<IEnumerable<LogRecord>> records)
    {
        var last = change.Header.Last;
        var isAccepted = Follows(_accepting, change);
        if (isAccepted) _accepting.TryAdd(last.Replica, last.Counter);
        if (id == rejected) _following[last.Replica] = last.Counter;
        if (!Follows(_following, change)) return isAccepted;
        _following.TryAdd(last.Replica, last.Counter);
        if (!isAccepted && owner.Equals(ownerOf(last.Replica)) && records().Any(static record => record is AcceptRecord)) _accepting.TryAdd(last.Replica, last.Counter);
        return isAccepted;
    }

    private static bool Follows(Dictionary<ReplicaId, ulong> from, Change change)
    {
        if (Contains(from, change.Before)) return true;
        foreach (var dependency in change.Header.Dependencies)
            if (Contains(from, dependency)) return true;
        return false;
    }

    private static bool Contains(Dictionary<ReplicaId, ulong> from, Dot dot) => from.TryGetValue(dot.Replica, out var first) && dot.Counter >= first;
}
