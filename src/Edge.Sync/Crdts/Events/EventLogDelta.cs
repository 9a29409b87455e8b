namespace Edge.Sync.Crdts;

/// <summary>Appends an event after all that its author had seen.</summary>
internal sealed class EventLogDelta(Dot first, ulong depth, ValueBytes value) : Delta(first)
{
    public override CrdtKind Kind => CrdtKind.EventLog;

    public override int DotCount => 1;

    /// <summary>One more than the greatest depth that the author had seen in this log.</summary>
    public ulong Depth => depth;

    public ValueBytes Value => value;

    /// <summary>[depth, value]</summary>
    public override void Write(ref WireWriter writer)
    {
        writer.Raw.WriteArrayHeader(2);
        writer.Raw.Write(depth);
        writer.WriteValue(value);
    }

    public override void VisitNamed(IDotVisitor visitor) { }

    public override Delta Named(DotNames names) => new EventLogDelta(names[First], depth, value);

    public static EventLogDelta Read(Dot first, ref WireReader reader)
    {
        reader.ReadArrayHeader("event", 2, exactly: true);
        return new(first, reader.ReadCounter("event.depth"), reader.ReadValue("event.value"));
    }
}
