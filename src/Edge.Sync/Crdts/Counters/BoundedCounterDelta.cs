namespace Edge.Sync.Crdts;

/// <summary>What an author does with the rights of a bounded counter.</summary>
internal enum RightsOperation
{
    /// <summary>Makes new rights: the value rises.</summary>
    Grant = 0,

    /// <summary>Uses rights up: the value falls.</summary>
    Spend = 1,

    /// <summary>Hands the author's rights to another replica.</summary>
    Transfer = 2,

    /// <summary>Takes over the rights of another replica, which must be gone for good.</summary>
    Reclaim = 3,
}

/// <summary>Amounts under their dots, never totals, so that one change can be void without the next.</summary>
internal sealed class BoundedCounterDelta(Dot first, RightsOperation operation, long amount, ReplicaId other) : Delta(first)
{
    public override CrdtKind Kind => CrdtKind.BoundedCounter;

    public override int DotCount => 1;

    public RightsOperation Operation => operation;

    /// <summary>At least 1.</summary>
    public long Amount => amount;

    /// <summary>Whose rights grow by a transfer, or shrink by a reclaim; without meaning for the others.</summary>
    public ReplicaId Other => other;

    private bool HasOther => operation is RightsOperation.Transfer or RightsOperation.Reclaim;

    public override void CollectReplicas(ReplicaTable table)
    {
        if (HasOther) table.IndexOf(other);
    }

    /// <summary>[operation, amount] or [operation, amount, replica]</summary>
    public override void Write(ref WireWriter writer)
    {
        writer.Raw.WriteArrayHeader(HasOther ? 3 : 2);
        writer.Raw.Write((int)operation);
        writer.Raw.Write(amount);
        if (HasOther) writer.WriteReplica(other);
    }

    public override void VisitNamed(IDotVisitor visitor) { }

    /// <summary>Rights stay with the name that they were given to: a branch has none, and what it spends beyond that shows as its overdraft.</summary>
    public override Delta Named(DotNames names) => new BoundedCounterDelta(names[First], operation, amount, other);

    public static BoundedCounterDelta Read(Dot first, ref WireReader reader)
    {
        var length = reader.ReadArrayHeader("bounded");
        if (length is not (2 or 3)) throw reader.Malformed("bounded", $"it has 2 or 3 elements, not {length}");
        var operation = (RightsOperation)reader.ReadInt32("bounded.operation", 0, (int)RightsOperation.Reclaim);
        if (length == 3 != operation is RightsOperation.Transfer or RightsOperation.Reclaim) throw reader.Malformed("bounded", $"{operation} does not have {length} elements");
        var amount = reader.ReadInt64("bounded.amount");
        if (amount < 1) throw reader.Malformed("bounded.amount", $"{amount} is not at least 1");
        var other = length == 3 ? reader.ReadReplica("bounded.other") : default;
        if (length == 3 && other == first.Replica) throw reader.Malformed("bounded.other", "it is the author");
        return new(first, operation, amount, other);
    }
}
