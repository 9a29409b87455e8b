namespace Edge.Sync.Crdts;

/// <summary>
/// A counter that goes up and down: the sum of everybody's increments.
/// </summary>
/// <remarks>
/// <para>Alice adds 30 and Bob, offline, adds 30: everyone reads 60.</para>
/// <para>Sums are kept in 128 bits, so that adding never wraps and stays commutative; reading clamps to what a <see cref="long"/> holds.</para>
/// </remarks>
internal sealed class CounterState : CrdtState
{
    private readonly SortedDictionary<ReplicaId, (ulong UpTo, Int128 Sum)> _sums = [];
    private Int128 _total;

    public override CrdtKind Kind => CrdtKind.Counter;

    /// <summary>The sum, clamped to the range of <see cref="long"/>.</summary>
    public long Value => (long)Int128.Clamp(_total, long.MinValue, long.MaxValue);

    public CounterDelta Add(Dot dot, long amount) => new(dot, amount);

    public override void Join(Delta delta, HybridTimestamp stamp)
    {
        var amount = ((CounterDelta)delta).Amount;
        var (upTo, sum) = _sums.GetValueOrDefault(delta.First.Replica);
        if (delta.First.Counter <= upTo) return;
        _sums[delta.First.Replica] = (delta.First.Counter, sum + amount);
        _total += amount;
    }

    public override void CollectReplicas(ReplicaTable table)
    {
        foreach (var replica in _sums.Keys)
            table.IndexOf(replica);
    }

    /// <summary>An array of (replica, covered up to, high half of the sum, low half), by ascending replica.</summary>
    public override void Write(ref WireWriter writer)
    {
        writer.Raw.WriteArrayHeader(_sums.Count * 4);
        foreach (var (replica, (upTo, sum)) in _sums)
        {
            writer.WriteDot(new(replica, upTo));
            writer.Raw.Write((long)(sum >> 64));
            writer.Raw.Write((ulong)(sum & ulong.MaxValue));
        }
    }

    public static CounterState Read(ref WireReader reader)
    {
        var state = new CounterState();
        var length = reader.ReadArrayHeader("counter");
        if (length % 4 != 0) throw reader.Malformed("counter", "an entry is cut short");
        for (var i = 0; i < length; i += 4)
        {
            var dot = reader.ReadDot("counter.dot");
            var sum = ((Int128)reader.ReadInt64("counter.high") << 64) + reader.ReadUInt64("counter.low");
            if (!state._sums.TryAdd(dot.Replica, (dot.Counter, sum))) throw reader.Malformed("counter.dot", "a replica is named twice");
            state._total += sum;
        }
        return state;
    }

    public override void Check()
    {
        Int128 total = 0;
        foreach (var (_, sum) in _sums.Values)
            total += sum;
        if (total != _total) throw new InvalidOperationException($"The counter's total is {_total}, its parts add up to {total}.");
    }
}
