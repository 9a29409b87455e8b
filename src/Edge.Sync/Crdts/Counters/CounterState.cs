using System.Runtime.InteropServices;

namespace Edge.Sync.Crdts;

/// <summary>
/// A counter: the sum of everybody's increments. <see cref="CrdtKind.GrowCounter"/> refuses negative ones.
/// </summary>
/// <remarks>
/// <para>Alice adds 30 and Bob, offline, adds 30: everyone reads 60.</para>
/// <para>Sums are kept in 128 bits, so that adding never wraps and stays commutative; reading clamps to what a <see cref="long"/> holds.</para>
/// <para>Each replica has a row that it alone writes, in order; so of two rows of one replica the one that covers more is the later.</para>
/// </remarks>
internal sealed class CounterState(CrdtKind kind = CrdtKind.Counter) : DotState
{
    private readonly Dictionary<ReplicaId, Row> _rows = [];
    private Int128 _total;

    public override CrdtKind Kind => kind;

    public override bool IsEmpty => _rows.Count == 0;

    /// <summary>The sum, clamped to the range of <see cref="long"/>.</summary>
    public long Value => (long)Int128.Clamp(_total, long.MinValue, long.MaxValue);

    /// <summary>The sum, whatever its size.</summary>
    internal Int128 Total => _total;

    /// <exception cref="ArgumentOutOfRangeException">The counter only grows, and the amount is negative.</exception>
    public CounterDelta Add(Dot dot, long amount)
    {
        if (kind == CrdtKind.GrowCounter) ArgumentOutOfRangeException.ThrowIfNegative(amount);
        return new(kind, dot, amount);
    }

    public override void Join(Delta delta, HybridTimestamp stamp)
    {
        var amount = ((CounterDelta)delta).Amount;
        ref var row = ref CollectionsMarshal.GetValueRefOrAddDefault(_rows, delta.First.Replica, out _);
        if (delta.First.Counter <= row.UpTo) return;
        row = new(delta.First.Counter, row.Sum + amount);
        _total += amount;
    }

    public override void Join(DotState other, CausalContext ours, CausalContext theirs)
    {
        foreach (var (replica, theirRow) in ((CounterState)other)._rows)
        {
            ref var row = ref CollectionsMarshal.GetValueRefOrAddDefault(_rows, replica, out _);
            if (theirRow.UpTo <= row.UpTo) continue;
            _total += theirRow.Sum - row.Sum;
            row = theirRow;
        }
    }

    public override DotState Unseen(VersionVector peer, HashSet<Dot> kept)
    {
        var unseen = new CounterState(kind);
        foreach (var (replica, row) in _rows)
        {
            if (row.UpTo <= peer[replica]) continue;
            unseen._rows.Add(replica, row);
            unseen._total += row.Sum;
        }
        return unseen;
    }

    public override void CollectReplicas(ReplicaTable table)
    {
        foreach (var replica in _rows.Keys)
            table.IndexOf(replica);
    }

    /// <summary>An array of (replica, covered up to, high half of the sum, low half), by ascending replica.</summary>
    public override void Write(ref WireWriter writer)
    {
        writer.Raw.WriteArrayHeader(_rows.Count * 4);
        foreach (var replica in Ascending.Keys(_rows))
        {
            var (upTo, sum) = _rows[replica];
            writer.WriteDot(new(replica, upTo));
            Sum.Write(ref writer, sum);
        }
    }

    public static CounterState Read(CrdtKind kind, ref WireReader reader)
    {
        var length = reader.ReadArrayHeader("counter");
        if (length % 4 != 0) throw reader.Malformed("counter", "an entry is cut short");
        var state = new CounterState(kind);
        for (var (i, last) = (0, default(ReplicaId)); i < length; i += 4)
        {
            var dot = reader.ReadDot("counter.dot");
            var sum = Sum.Read(ref reader, "counter.sum", dot.Counter, kind == CrdtKind.GrowCounter);
            if (i > 0 && dot.Replica <= last) throw reader.Malformed("counter.dot", "its replicas are not in ascending order");
            state._rows.Add(last = dot.Replica, new(dot.Counter, sum));
            state._total += sum;
        }
        return state;
    }

    public override void Check()
    {
        Int128 total = 0;
        foreach (var row in _rows.Values)
            total += row.Sum;
        if (total != _total) throw new InvalidOperationException($"The counter's total is {_total}, its parts add up to {total}.");
    }

    private readonly record struct Row(ulong UpTo, Int128 Sum);
}
