namespace Edge.Sync.Crdts;

/// <summary>Values of a type whose join the app defines: here they are bytes, kept beside each other until somebody writes who can join them.</summary>
/// <remarks>
/// <para>A replica without the app's class cannot join, and must have the same bytes as one that can: so the state is what nobody has followed, and the
/// join is made when it is read. Who writes, writes the join of all that it sees, which replaces that: one value while there is no concurrency.</para>
/// <para>Alice has seen the range 1 to 5 and adds 9, while Bob adds 0: [1, 9] and [0, 5] stand beside each other, and everyone reads [0, 9].</para>
/// </remarks>
internal sealed class LatticeState : DotState, IResettable
{
    /// <summary>Ascending by dot.</summary>
    private readonly SortedList<Dot, ValueBytes> _values = [];

    public override CrdtKind Kind => CrdtKind.Lattice;

    public override bool IsEmpty => _values.Count == 0;

    public int Count => _values.Count;

    /// <summary>What is to be joined, ascending by dot: MessagePack bytes (bin) around the app's own.</summary>
    public IList<ValueBytes> Values => _values.Values;

    /// <summary>The delta of a value that holds all that is here.</summary>
    public LatticeDelta Set(Dot dot, ValueBytes joined) => new(dot, joined, [.. _values.Keys]);

    public override void Join(Delta delta, HybridTimestamp stamp)
    {
        var lattice = (LatticeDelta)delta;
        foreach (var dot in lattice.Replaced)
            _values.Remove(dot);
        _values[delta.First] = lattice.Value;
    }

    public override void Join(DotState other, CausalContext ours, CausalContext theirs)
    {
        var their = (LatticeState)other;
        foreach (var dot in _values.Keys.ToArray())
            if (!their._values.ContainsKey(dot) && theirs.Contains(dot)) _values.Remove(dot);
        foreach (var (dot, value) in their._values)
            if (!_values.ContainsKey(dot) && !ours.Contains(dot)) _values.Add(dot, value);
    }

    public void Reset(VersionVector seen, Dot by)
    {
        foreach (var dot in _values.Keys.ToArray())
            if (seen.Contains(dot)) _values.Remove(dot);
    }

    public override DotState Unseen(VersionVector peer, HashSet<Dot> kept)
    {
        var unseen = new LatticeState();
        foreach (var (dot, value) in _values)
            if (peer.Contains(dot)) kept.Add(dot);
            else unseen._values.Add(dot, value);
        return unseen;
    }

    public override void CollectReplicas(ReplicaTable table)
    {
        foreach (var dot in _values.Keys)
            table.IndexOf(dot.Replica);
    }

    /// <summary>An array of (replica, counter, value), ascending by dot.</summary>
    public override void Write(ref WireWriter writer)
    {
        writer.Raw.WriteArrayHeader(_values.Count * 3);
        foreach (var (dot, value) in _values)
        {
            writer.WriteDot(dot);
            writer.WriteValue(value);
        }
    }

    public static LatticeState Read(ref WireReader reader)
    {
        var length = reader.ReadArrayHeader("lattice");
        if (length % 3 != 0) throw reader.Malformed("lattice", "an entry is cut short");
        var state = new LatticeState();
        for (var (i, last) = (0, default(Dot)); i < length; i += 3)
        {
            var dot = reader.ReadDot("lattice.dot");
            if (i > 0 && dot.CompareTo(last) <= 0) throw reader.Malformed("lattice", "its entries are not in order");
            state._values.Add(last = dot, ReadBytes(ref reader));
        }
        return state;
    }

    internal static ValueBytes ReadBytes(ref WireReader reader)
    {
        var value = reader.ReadValue("lattice.value");
        return MessagePack.MessagePackCode.ToMessagePackType(value.Span[0]) == MessagePack.MessagePackType.Binary ? value : throw reader.Malformed("lattice.value", "bytes were expected");
    }

    public override void Check()
    {
        foreach (var dot in _values.Keys)
            if (dot.Counter is 0 or > Dot.CounterMax) throw new InvalidOperationException($"{dot} is no dot.");
    }
}
