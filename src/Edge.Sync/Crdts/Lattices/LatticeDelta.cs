namespace Edge.Sync.Crdts;

/// <summary>A value that is the app's join of all that its author had seen, and the dots of the values that it therefore replaces.</summary>
internal sealed class LatticeDelta(Dot first, ValueBytes value, Dot[] replaced) : Delta(first)
{
    public override CrdtKind Kind => CrdtKind.Lattice;

    public override int DotCount => 1;

    public ValueBytes Value => value;

    public override ReadOnlySpan<Dot> Replaced => replaced;

    /// <summary>[value, [replaced dots]]</summary>
    public override void Write(ref WireWriter writer)
    {
        writer.Raw.WriteArrayHeader(2);
        writer.WriteValue(value);
        writer.WriteDots(replaced);
    }

    public override void VisitNamed(IDotVisitor visitor) => Visit(visitor, Replaced);

    public override Delta Named(DotNames names) => new LatticeDelta(names[First], value, names.All(replaced));

    public static LatticeDelta Read(Dot first, ref WireReader reader)
    {
        reader.ReadArrayHeader("lattice", 2, exactly: true);
        return new(first, LatticeState.ReadBytes(ref reader), reader.ReadDots("lattice.replaced"));
    }
}
