namespace Edge.Sync.Wire;

/// <summary>Numbers the replicas that one encoded delta or state refers to, so that each id is written once.</summary>
internal sealed class ReplicaTable
{
    private readonly List<ReplicaId> _replicas = [];
    private readonly Dictionary<ReplicaId, int> _indexes = [];

    /// <summary>The replicas in the order of their numbers.</summary>
    public IReadOnlyList<ReplicaId> Replicas => _replicas;

    /// <summary>The number of <paramref name="replica"/>; the next free one where it has none yet.</summary>
    public int IndexOf(ReplicaId replica)
    {
        if (_indexes.TryGetValue(replica, out var index)) return index;
        index = _replicas.Count;
        _replicas.Add(replica);
        _indexes.Add(replica, index);
        return index;
    }

    /// <summary>Numbers the replicas anew in ascending order, which makes what is written next canonical.</summary>
    public void Sort()
    {
        _replicas.Sort();
        for (var i = 0; i < _replicas.Count; i++)
            _indexes[_replicas[i]] = i;
    }

    public void Clear()
    {
        _replicas.Clear();
        _indexes.Clear();
    }
}
