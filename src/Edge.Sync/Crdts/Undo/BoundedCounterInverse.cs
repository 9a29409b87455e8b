namespace Edge.Sync.Crdts.Undo;

/// <summary>
/// Spends what was granted, grants what was spent, hands back what was reclaimed: each within this replica's rights. What was handed to another is
/// theirs, and only they can hand it back.
/// </summary>
internal sealed class BoundedCounterInverse(Dot dot, RightsOperation operation, long amount, ReplicaId other) : Inverse
{
    protected override InverseKind Tag => InverseKind.BoundedCounter;

    protected override int Length => 6;

    public override void Apply(UndoTarget target)
    {
        if (operation == RightsOperation.Transfer)
        {
            target.Refuse(UndoObstacleReason.ByDefinition);
            return;
        }
        if (!target.Holds(CrdtKind.BoundedCounter, dot))
        {
            target.Refuse(UndoObstacleReason.Removed);
            return;
        }
        var counter = (BoundedCounterState)target.State(CrdtKind.BoundedCounter);
        var delta = operation switch
        {
            RightsOperation.Grant => counter.Spend(target.Next, amount),
            RightsOperation.Spend => counter.Grant(target.Next, amount),
            _ => counter.Transfer(target.Next, other, amount),
        };
        if (delta is null) target.Refuse(UndoObstacleReason.RightsMissing);
        else target.Commit(delta);
    }

    public override Inverse Rename(DotRenaming names) => names.TryGet(dot, out var now) ? new BoundedCounterInverse(now, operation, amount, other) : this;

    public override void Write(ref WireWriter writer)
    {
        WriteHead(ref writer);
        writer.WriteDot(dot);
        writer.Raw.Write((int)operation);
        writer.Raw.Write(amount);
        writer.WriteReplica(other);
    }

    public static BoundedCounterInverse ReadRest(ref WireReader reader)
    {
        var dot = reader.ReadDot("inverse.dot");
        var operation = (RightsOperation)reader.ReadInt32("inverse.operation", 0, (int)RightsOperation.Reclaim);
        var amount = reader.ReadInt64("inverse.amount");
        if (amount < 1) throw reader.Malformed("inverse.amount", $"{amount} is not at least 1");
        return new(dot, operation, amount, reader.ReadReplica("inverse.other"));
    }
}
