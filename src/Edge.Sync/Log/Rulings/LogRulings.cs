using Edge.Sync.Log.Records;

namespace Edge.Sync.Log;

/// <summary>What the records of a log say about its changes. A function of the log alone: replicas with equal logs rule alike, whatever came first.</summary>
/// <remarks>
/// <para>Empty in nearly every database, and then without cost. Not safe for use by several threads at once.</para>
/// <para>A record of a change that is void rules over nothing; so a rejection is taken back by rejecting its change. That ends: a record names what it rejects by a
/// hash, so no two reject each other.</para>
/// </remarks>
internal sealed class LogRulings
{
    private readonly Dictionary<ReplicaId, List<(ChangeId By, ClockCapRecord Cap)>> _caps = [];
    private readonly Dictionary<ChangeId, List<(ChangeId By, RejectRecord Rejection)>> _rejections = [];
    private readonly Dictionary<ChangeId, List<ClockCapRecord>> _capsBy = [];
    private readonly HashSet<ChangeId> _void = [];

    public bool IsEmpty => _caps.Count == 0 && _rejections.Count == 0;

    /// <summary>Whether a record is one of those that rule over changes.</summary>
    public static bool Takes(LogRecord record) => record is ClockCapRecord or RejectRecord or AcceptRecord;

    /// <summary>The changes that are void. Some of them need not be held.</summary>
    public IReadOnlySet<ChangeId> Void => _void;

    /// <summary>Takes a record of the log. A rejection has effect with the next <see cref="Decide"/>.</summary>
    /// <param name="by">The id of its change.</param>
    /// <param name="record">The record. An acceptance is told by leaving out what it makes without effect: see <see cref="Acceptance"/>.</param>
    public void Add(ChangeId by, LogRecord record)
    {
        switch (record)
        {
            case ClockCapRecord cap:
                ListOf(_caps, cap.Feed).Add((by, cap));
                ListOf(_capsBy, by).Add(cap);
                break;
            case RejectRecord rejection:
                ListOf(_rejections, rejection.ChangeId).Add((by, rejection));
                break;
        }
    }

    /// <summary>Finds out which changes are void by now. Returns what they are rejected by that have become void, or are not any more.</summary>
    public List<RejectRecord> Decide()
    {
        var decided = new Dictionary<ChangeId, bool>();
        var left = new Stack<ChangeId>(_rejections.Keys);
        while (left.TryPeek(out var id))
        {
            if (decided.ContainsKey(id) || !_rejections.TryGetValue(id, out var rejections))
            {
                decided.TryAdd(id, false);
                left.Pop();
                continue;
            }
            var isOpen = false;
            foreach (var (by, _) in rejections)
                if (!decided.ContainsKey(by))
                {
                    isOpen = true;
                    left.Push(by);
                }
            if (!isOpen) decided[left.Pop()] = rejections.Exists(rejection => !decided[rejection.By]);
        }
        var changed = new List<RejectRecord>();
        foreach (var (id, rejections) in _rejections)
            if (decided[id] ? _void.Add(id) : _void.Remove(id)) changed.Add(rejections[0].Rejection);
        return changed;
    }

    /// <summary>By which change a change is void, and what that says; null where it is not. Of several, the one with the lowest id.</summary>
    public (ChangeId By, RejectRecord Rejection)? FindRejection(ChangeId id) =>
        _void.Contains(id) ? _rejections[id].Where(rejection => !_void.Contains(rejection.By)).MinBy(static rejection => rejection.By.Hash) : null;

    /// <summary>All rejections that count, with the changes that say so.</summary>
    public IEnumerable<(ChangeId By, RejectRecord Rejection)> Standing => _rejections.Values.SelectMany(static rejections => rejections).Where(rejection => !_void.Contains(rejection.By));

    /// <summary>The caps that a change says.</summary>
    public IEnumerable<ClockCapRecord> CapsBy(ChangeId id) => _capsBy.TryGetValue(id, out var caps) ? caps : [];

    /// <summary>The same change, as it counts.</summary>
    public Change Rule(Change change, ChangeId id)
    {
        var sections = change.Ruling?.VoidSections;
        if (IsEmpty) return change.With(ChangeRuling.Of(null, false, sections));
        var stamp = Cap(change.Written.Replica, change.Written.First, change.Written.Timestamp);
        var isVoid = _void.Contains(id);
        return change.With(ChangeRuling.Of(stamp == change.Written.Timestamp ? null : stamp, isVoid, sections));
    }

    /// <summary>What a stamp is compared as.</summary>
    /// <param name="feed">The feed of the change, by its own name.</param>
    /// <param name="first">The counter at which the change begins.</param>
    /// <param name="stamp">The stamp as it was written.</param>
    public HybridTimestamp Cap(ReplicaId feed, ulong first, HybridTimestamp stamp)
    {
        if (!_caps.TryGetValue(feed, out var caps)) return stamp;
        foreach (var (by, cap) in caps)
            if (cap.First <= first && first <= cap.Last && cap.Latest.CompareTo(stamp) < 0 && !_void.Contains(by)) stamp = cap.Latest;
        return stamp;
    }

    public void Clear()
    {
        _caps.Clear();
        _capsBy.Clear();
        _rejections.Clear();
        _void.Clear();
    }

    private static List<T> ListOf<TKey, T>(Dictionary<TKey, List<T>> lists, TKey key) where TKey : notnull
    {
        if (!lists.TryGetValue(key, out var list)) lists.Add(key, list = []);
        return list;
    }
}
