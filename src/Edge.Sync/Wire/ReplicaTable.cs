namespace Edge.Sync.Wire;

/// <summary>Numbers the replicas that one encoded delta or state refers to, so that each id is written once.</summary>
internal sealed class ReplicaTable
{
    // Most deltas and states name a few replicas: looking through those is quicker than hashing, and takes no memory.
    private const int ScannedMax = 8;

    // Most name one.
    private readonly List<ReplicaId> _replicas = new(1);
    private Dictionary<ReplicaId, int>? _indexes;

    /// <summary>The replicas in the order of their numbers, to be read: as a list, for it is enumerated at each commit.</summary>
    public List<ReplicaId> Replicas => _replicas;

    /// <summary>The number of <paramref name="replica"/>; the next free one where it has none yet.</summary>
    public int IndexOf(ReplicaId replica)
    {
        if (_indexes is null)
        {
            var known = _replicas.IndexOf(replica);
            if (known >= 0) return known;
        }
        else if (_indexes.TryGetValue(replica, out var index)) return index;
        _replicas.Add(replica);
        if (_indexes is not null) _indexes.Add(replica, _replicas.Count - 1);
        else if (_replicas.Count > ScannedMax) Index();
        return _replicas.Count - 1;
    }

    /// <summary>Numbers the replicas anew in ascending order, which makes what is written next canonical.</summary>
    public void Sort()
    {
        _replicas.Sort();
        if (_indexes is not null) Index();
    }

    public void Clear()
    {
        _replicas.Clear();
        _indexes = null;
    }

    private void Index()
    {
        _indexes ??= [];
        for (var i = 0; i < _replicas.Count; i++)
            _indexes[_replicas[i]] = i;
    }
}
