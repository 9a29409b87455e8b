namespace Edge.Sync.Crdts;

/// <summary>Adds an element or removes one; either way it lists the dots of the element that its author saw. For both sets from which one can remove.</summary>
internal sealed class SetDelta : Delta
{
    private readonly Dot[] _replaced;

    private SetDelta(CrdtKind kind, Dot first, bool isAddition, ValueBytes element, Dot[] replaced) : base(first) =>
        (Kind, IsAddition, Element, _replaced) = (kind, isAddition, element, replaced);

    public static SetDelta Add(CrdtKind kind, Dot dot, ValueBytes element, Dot[] replaced) => new(kind, dot, true, element, replaced);

    public static SetDelta Remove(CrdtKind kind, Dot dot, ValueBytes element, Dot[] removed) => new(kind, dot, false, element, removed);

    public override CrdtKind Kind { get; }

    public override int DotCount => 1;

    public bool IsAddition { get; }

    public ValueBytes Element { get; }

    public override ReadOnlySpan<Dot> Replaced => _replaced;

    /// <summary>[1 added or 0 removed, element, [dots replaced or removed]]</summary>
    public override void Write(ref WireWriter writer)
    {
        writer.Raw.WriteArrayHeader(3);
        writer.Raw.Write(IsAddition ? 1 : 0);
        writer.WriteValue(Element);
        writer.WriteDots(_replaced);
    }

    public override void VisitNamed(IDotVisitor visitor) => Visit(visitor, Replaced);

    public override Delta Named(DotNames names) => new SetDelta(Kind, names[First], IsAddition, Element, names.All(_replaced));

    public static SetDelta Read(CrdtKind kind, Dot first, ref WireReader reader)
    {
        reader.ReadArrayHeader("set", 3, exactly: true);
        var isAddition = reader.ReadInt32("set.isAddition", 0, 1) == 1;
        return new(kind, first, isAddition, reader.ReadValue("set.element"), reader.ReadDots("set.replaced"));
    }
}
