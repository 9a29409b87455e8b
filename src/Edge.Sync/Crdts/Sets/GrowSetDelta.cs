namespace Edge.Sync.Crdts;

/// <summary>Adds an element for good.</summary>
internal sealed class GrowSetDelta(Dot first, ValueBytes element) : Delta(first)
{
    public override CrdtKind Kind => CrdtKind.GrowSet;

    public override int DotCount => 1;

    public ValueBytes Element => element;

    /// <summary>The element itself.</summary>
    public override void Write(ref WireWriter writer) => writer.WriteValue(element);

    public override void VisitNamed(IDotVisitor visitor) { }

    public override Delta Named(DotNames names) => new GrowSetDelta(names[First], element);

    public static GrowSetDelta Read(Dot first, ref WireReader reader) => new(first, reader.ReadValue("growSet.element"));
}
