namespace Edge.Sync.Crdts;

/// <summary>An increment under its dot; never a total, so that one change can be void without the next.</summary>
internal sealed class CounterDelta(Dot first, long amount) : Delta(first)
{
    public override CrdtKind Kind => CrdtKind.Counter;

    public override int DotCount => 1;

    public long Amount { get; } = amount;

    public override void Write(ref WireWriter writer) => writer.Raw.Write(Amount);

    public static CounterDelta Read(Dot first, ref WireReader reader) => new(first, reader.ReadInt64("counter.amount"));
}
