namespace Edge.Sync.Crdts.Undo;

/// <summary>Adds the opposite amount, if the increment still counts.</summary>
internal sealed class CounterInverse(Dot dot, long amount) : Inverse
{
    protected override InverseKind Tag => InverseKind.Counter;

    protected override int Length => 4;

    public override void Apply(UndoTarget target)
    {
        if (!target.Holds(CrdtKind.Counter, dot))
        {
            target.Refuse(UndoObstacleReason.Removed);
            return;
        }
        foreach (var part in Parts(-(Int128)amount))
            target.Commit(((CounterState)target.State(CrdtKind.Counter)).Add(target.Next, part));
    }

    /// <summary>A sum as increments: the opposite of the least number, and sums over the range, take two.</summary>
    public static IEnumerable<long> Parts(Int128 sum)
    {
        do
        {
            var part = (long)Int128.Clamp(sum, long.MinValue, long.MaxValue);
            yield return part;
            sum -= part;
        }
        while (sum != 0);
    }

    public override Inverse Rename(DotRenaming names) => names.TryGet(dot, out var now) ? new CounterInverse(now, amount) : this;

    public override void Write(ref WireWriter writer)
    {
        WriteHead(ref writer);
        writer.WriteDot(dot);
        writer.Raw.Write(amount);
    }

    public static CounterInverse ReadRest(ref WireReader reader) => new(reader.ReadDot("inverse.dot"), reader.ReadInt64("inverse.amount"));
}
