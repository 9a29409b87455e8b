namespace Edge.Sync.Crdts;

/// <summary>
/// Whether a document exists: an enable-wins flag. An edit revives what a concurrent deletion removed.
/// </summary>
/// <remarks>
/// <para>Only the latest dot of each replica is kept: who had seen it had seen that replica's earlier ones too.</para>
/// <para>Alice deletes a document while Bob, offline, edits it: it exists, with Bob's edit.</para>
/// </remarks>
internal sealed class ExistenceState : CrdtState
{
    private readonly SortedDictionary<ReplicaId, ulong> _latest = [];

    public override CrdtKind Kind => CrdtKind.Existence;

    public bool Exists => _latest.Count > 0;

    public ExistenceDelta Touch(Dot dot) => ExistenceDelta.Touch(dot);

    public ExistenceDelta Delete(Dot dot)
    {
        var removed = new List<Dot>(_latest.Count);
        foreach (var (replica, counter) in _latest)
            removed.Add(new(replica, counter));
        removed.Sort();
        return ExistenceDelta.Delete(dot, [.. removed]);
    }

    public override void Join(Delta delta, HybridTimestamp stamp)
    {
        var existence = (ExistenceDelta)delta;
        if (!existence.IsDeletion)
        {
            if (_latest.GetValueOrDefault(delta.First.Replica) < delta.First.Counter)
                _latest[delta.First.Replica] = delta.First.Counter;
            return;
        }
        foreach (var dot in existence.Removed)
            if (_latest.TryGetValue(dot.Replica, out var counter) && counter <= dot.Counter)
                _latest.Remove(dot.Replica);
    }

    public override void CollectReplicas(ReplicaTable table)
    {
        foreach (var replica in _latest.Keys)
            table.IndexOf(replica);
    }

    /// <summary>An array of (replica, counter), by ascending replica.</summary>
    public override void Write(ref WireWriter writer)
    {
        writer.Raw.WriteArrayHeader(_latest.Count * 2);
        foreach (var (replica, counter) in _latest)
            writer.WriteDot(new(replica, counter));
    }

    public static ExistenceState Read(ref WireReader reader)
    {
        var state = new ExistenceState();
        var length = reader.ReadArrayHeader("existence");
        if (length % 2 != 0) throw reader.Malformed("existence", "a dot is cut in half");
        for (var i = 0; i < length; i += 2)
        {
            var dot = reader.ReadDot("existence.dot");
            if (!state._latest.TryAdd(dot.Replica, dot.Counter)) throw reader.Malformed("existence.dot", "a replica is named twice");
        }
        return state;
    }

    public override void Check()
    {
        foreach (var (replica, counter) in _latest)
            if (counter is 0 or > Dot.CounterMax) throw new InvalidOperationException($"Replica {replica} has counter {counter}.");
    }
}
