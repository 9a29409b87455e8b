using System.Runtime.InteropServices;

namespace Edge.Sync.Crdts;

/// <summary>
/// A counter that does not fall below zero though nobody asks anybody: each replica may spend only the rights that it holds (escrow).
/// </summary>
/// <remarks>
/// <para>Whoever grants holds the new rights, and may hand them on while online: 10 seats, 6 given to Alice and 4 kept by Bob; offline, Alice sells
/// at most 6 and Bob at most 4, and the sum is never above 10 (O'Neil 1986; Balegas et al. 2015).</para>
/// <para>The bound holds for replicas that are neither copied nor expelled, and for authors that check their rights before they spend. What a copy
/// spends twice is not refused, since it has happened: it shows as <see cref="Overdraft"/>. A fresh replica has no rights; those of one that is gone
/// are burnt until somebody reclaims them.</para>
/// <para>Each replica has a row that it alone writes, in order; so of two rows of one replica the one that covers more is the later.</para>
/// </remarks>
internal sealed class BoundedCounterState : DotState
{
    private readonly Dictionary<ReplicaId, Row> _rows = [];

    public override CrdtKind Kind => CrdtKind.BoundedCounter;

    public override bool IsEmpty => _rows.Count == 0;

    /// <summary>All that was granted less all that was spent, clamped to the range of <see cref="long"/>; below zero only by an overdraft.</summary>
    public long Value
    {
        get
        {
            Int128 sum = 0;
            foreach (var row in _rows.Values)
                sum += row.Granted - row.Spent;
            return Clamp(sum);
        }
    }

    /// <summary>What replicas spent beyond their rights, added up: 0 unless one was copied, restored or expelled, or cheats.</summary>
    public long Overdraft
    {
        get
        {
            Int128 sum = 0;
            foreach (var rights in AllRights().Values)
                sum -= Int128.Min(rights, 0);
            return Clamp(sum);
        }
    }

    /// <summary>The replicas that were ever granted, given or taken rights, in no order.</summary>
    public IReadOnlyCollection<ReplicaId> Replicas => AllRights().Keys;

    /// <summary>How much <paramref name="replica"/> may spend; below zero by its overdraft.</summary>
    public long Rights(ReplicaId replica)
    {
        Int128 rights = 0;
        foreach (var (author, row) in _rows)
        {
            if (author == replica) rights += row.Granted - row.Spent;
            foreach (var (other, sum) in row.Given) rights += other == replica ? sum : author == replica ? -sum : 0;
            foreach (var (other, sum) in row.Taken) rights += author == replica ? sum : other == replica ? -sum : 0;
        }
        return Clamp(rights);
    }

    /// <summary>Who holds rights, and how many, by ascending replica.</summary>
    internal IEnumerable<(ReplicaId Replica, long Rights)> Holders()
    {
        var rights = AllRights();
        foreach (var replica in Ascending.Keys(rights))
            if (rights[replica] > 0) yield return (replica, Clamp(rights[replica]));
    }

    public BoundedCounterDelta Grant(Dot dot, long amount) => new(dot, RightsOperation.Grant, Positive(amount), default);

    /// <summary>Null where the author does not hold that many rights: it must be handed some first.</summary>
    public BoundedCounterDelta? Spend(Dot dot, long amount) =>
        Rights(dot.Replica) < Positive(amount) ? null : new(dot, RightsOperation.Spend, amount, default);

    /// <summary>Null where the author does not hold that many rights.</summary>
    public BoundedCounterDelta? Transfer(Dot dot, ReplicaId to, long amount) =>
        to == dot.Replica || Rights(dot.Replica) < Positive(amount) ? null : new(dot, RightsOperation.Transfer, amount, to);

    /// <summary>Takes over rights that are burnt. Null where <paramref name="from"/> does not hold that many. Who may is for the caller to decide.</summary>
    public BoundedCounterDelta? Reclaim(Dot dot, ReplicaId from, long amount) =>
        from == dot.Replica || Rights(from) < Positive(amount) ? null : new(dot, RightsOperation.Reclaim, amount, from);

    public override void Join(Delta delta, HybridTimestamp stamp)
    {
        ref var row = ref CollectionsMarshal.GetValueRefOrAddDefault(_rows, delta.First.Replica, out _);
        row ??= new();
        if (delta.First.Counter > row.UpTo) row.Join((BoundedCounterDelta)delta);
    }

    public override void Join(DotState other, CausalContext ours, CausalContext theirs)
    {
        foreach (var (replica, theirRow) in ((BoundedCounterState)other)._rows)
        {
            ref var row = ref CollectionsMarshal.GetValueRefOrAddDefault(_rows, replica, out _);
            if (row is null || row.UpTo < theirRow.UpTo) row = theirRow.Clone();
        }
    }

    public override DotState Unseen(VersionVector peer, HashSet<Dot> kept)
    {
        var unseen = new BoundedCounterState();
        foreach (var (replica, row) in _rows)
            if (row.UpTo > peer[replica]) unseen._rows.Add(replica, row.Clone());
        return unseen;
    }

    public override void CollectReplicas(ReplicaTable table)
    {
        foreach (var (replica, row) in _rows)
        {
            table.IndexOf(replica);
            foreach (var other in row.Given.Keys) table.IndexOf(other);
            foreach (var other in row.Taken.Keys) table.IndexOf(other);
        }
    }

    /// <summary>An array of (replica, covered up to, granted, spent, [replica, given, ...], [replica, taken, ...]), by ascending replica; each sum is two numbers.</summary>
    public override void Write(ref WireWriter writer)
    {
        writer.Raw.WriteArrayHeader(_rows.Count * 8);
        foreach (var replica in Ascending.Keys(_rows))
        {
            var row = _rows[replica];
            writer.WriteDot(new(replica, row.UpTo));
            Sum.Write(ref writer, row.Granted);
            Sum.Write(ref writer, row.Spent);
            WriteSums(ref writer, row.Given);
            WriteSums(ref writer, row.Taken);
        }
    }

    public static BoundedCounterState Read(ref WireReader reader)
    {
        var length = reader.ReadArrayHeader("bounded");
        if (length % 8 != 0) throw reader.Malformed("bounded", "a row is cut short");
        var state = new BoundedCounterState();
        for (var (i, last) = (0, default(ReplicaId)); i < length; i += 8)
        {
            var dot = reader.ReadDot("bounded.dot");
            if (i > 0 && dot.Replica <= last) throw reader.Malformed("bounded.dot", "its replicas are not in ascending order");
            var row = new Row { UpTo = dot.Counter, Granted = Sum.Read(ref reader, "bounded.granted", dot.Counter, true), Spent = Sum.Read(ref reader, "bounded.spent", dot.Counter, true) };
            ReadSums(ref reader, "bounded.given", dot, row.Given);
            ReadSums(ref reader, "bounded.taken", dot, row.Taken);
            state._rows.Add(last = dot.Replica, row);
        }
        return state;
    }

    public override void Check()
    {
        Int128 sum = 0;
        foreach (var rights in AllRights().Values)
            sum += rights;
        if (Clamp(sum) != Value) throw new InvalidOperationException($"The rights add up to {sum}, the value is {Value}.");
    }

    private Dictionary<ReplicaId, Int128> AllRights()
    {
        var rights = new Dictionary<ReplicaId, Int128>();
        foreach (var (author, row) in _rows)
        {
            Add(author, row.Granted - row.Spent);
            foreach (var (other, sum) in row.Given) { Add(author, -sum); Add(other, sum); }
            foreach (var (other, sum) in row.Taken) { Add(author, sum); Add(other, -sum); }
        }
        return rights;

        void Add(ReplicaId replica, Int128 amount) => CollectionsMarshal.GetValueRefOrAddDefault(rights, replica, out _) += amount;
    }

    private static void WriteSums(ref WireWriter writer, SortedDictionary<ReplicaId, Int128> sums)
    {
        writer.Raw.WriteArrayHeader(sums.Count * 3);
        foreach (var (replica, sum) in sums)
        {
            writer.WriteReplica(replica);
            Sum.Write(ref writer, sum);
        }
    }

    private static void ReadSums(ref WireReader reader, string field, Dot upTo, SortedDictionary<ReplicaId, Int128> sums)
    {
        var length = reader.ReadArrayHeader(field);
        if (length % 3 != 0) throw reader.Malformed(field, "a sum is cut short");
        for (var (i, last) = (0, default(ReplicaId)); i < length; i += 3)
        {
            var replica = reader.ReadReplica(field);
            if (replica == upTo.Replica || (i > 0 && replica <= last)) throw reader.Malformed(field, "its replicas are not in ascending order, or name the author");
            sums.Add(last = replica, Sum.Read(ref reader, field, upTo.Counter, true));
        }
    }

    private static long Positive(long amount)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(amount);
        return amount;
    }

    private static long Clamp(Int128 value) => (long)Int128.Clamp(value, long.MinValue, long.MaxValue);

    /// <summary>What one replica did: to its own rights, and to those that it gave to others or took from them.</summary>
    private sealed class Row
    {
        public ulong UpTo;
        public Int128 Granted;
        public Int128 Spent;

        public SortedDictionary<ReplicaId, Int128> Given { get; private init; } = [];

        public SortedDictionary<ReplicaId, Int128> Taken { get; private init; } = [];

        public void Join(BoundedCounterDelta delta)
        {
            UpTo = delta.First.Counter;
            switch (delta.Operation)
            {
                case RightsOperation.Grant: Granted += delta.Amount; break;
                case RightsOperation.Spend: Spent += delta.Amount; break;
                default:
                    var sums = delta.Operation == RightsOperation.Transfer ? Given : Taken;
                    sums[delta.Other] = sums.GetValueOrDefault(delta.Other) + delta.Amount;
                    break;
            }
        }

        public Row Clone() => new() { UpTo = UpTo, Granted = Granted, Spent = Spent, Given = new(Given), Taken = new(Taken) };
    }
}
