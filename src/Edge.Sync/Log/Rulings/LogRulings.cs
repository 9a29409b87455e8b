using Edge.Sync.Log.Records;

namespace Edge.Sync.Log;

/// <summary>What the records of a log say about its changes. A function of the log alone: replicas with equal logs rule alike, whatever came first.</summary>
/// <remarks>Empty in nearly every database, and then without cost. Not safe for use by several threads at once.</remarks>
internal sealed class LogRulings
{
    private readonly Dictionary<ReplicaId, List<ClockCapRecord>> _caps = [];

    public bool IsEmpty => _caps.Count == 0;

    /// <summary>Whether a record is one of those that rule over changes.</summary>
    public static bool Takes(LogRecord record) => record is ClockCapRecord;

    /// <summary>Takes a record of the log.</summary>
    public void Add(LogRecord record)
    {
        if (record is not ClockCapRecord cap) return;
        if (!_caps.TryGetValue(cap.Feed, out var caps)) _caps.Add(cap.Feed, caps = []);
        caps.Add(cap);
    }

    /// <summary>The same change, as it counts.</summary>
    public Change Rule(Change change)
    {
        if (IsEmpty) return change.With((ChangeRuling?)null);
        var stamp = Cap(change.Written.Replica, change.Written.First, change.Written.Timestamp);
        return change.With(stamp == change.Written.Timestamp ? null : new ChangeRuling(stamp));
    }

    /// <summary>What a stamp is compared as.</summary>
    /// <param name="feed">The feed of the change, by its own name.</param>
    /// <param name="first">The counter at which the change begins.</param>
    /// <param name="stamp">The stamp as it was written.</param>
    public HybridTimestamp Cap(ReplicaId feed, ulong first, HybridTimestamp stamp)
    {
        if (!_caps.TryGetValue(feed, out var caps)) return stamp;
        foreach (var cap in caps)
            if (cap.First <= first && first <= cap.Last && cap.Latest.CompareTo(stamp) < 0) stamp = cap.Latest;
        return stamp;
    }

    public void Clear() => _caps.Clear();
}
