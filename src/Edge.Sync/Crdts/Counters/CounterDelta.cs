namespace Edge.Sync.Crdts;

/// <summary>An increment under its dot; never a total, so that one change can be void without the next.</summary>
internal sealed class CounterDelta(CrdtKind kind, Dot first, long amount) : Delta(first)
{
    public override CrdtKind Kind => kind;

    public override int DotCount => 1;

    public long Amount => amount;

    public override void Write(ref WireWriter writer) => writer.Raw.Write(amount);

    public override void VisitNamed(IDotVisitor visitor) { }

    public override Delta Named(DotNames names) => new CounterDelta(kind, names[First], amount);

    public static CounterDelta Read(CrdtKind kind, Dot first, ref WireReader reader)
    {
        var amount = reader.ReadInt64("counter.amount");
        if (amount < 0 && kind == CrdtKind.GrowCounter) throw reader.Malformed("counter.amount", $"a counter that only grows has no increment of {amount}");
        return new(kind, first, amount);
    }
}
