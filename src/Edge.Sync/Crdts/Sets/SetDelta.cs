namespace Edge.Sync.Crdts;

/// <summary>Adds an element under a new dot, or removes one; either way it lists the dots of the element that its author saw.</summary>
internal sealed class SetDelta : Delta
{
    private readonly Dot[] _replaced;

    private SetDelta(Dot first, bool isAddition, ValueBytes element, Dot[] replaced) : base(first) =>
        (IsAddition, Element, _replaced) = (isAddition, element, replaced);

    public static SetDelta Add(Dot dot, ValueBytes element, Dot[] replaced) => new(dot, true, element, replaced);

    public static SetDelta Remove(Dot dot, ValueBytes element, Dot[] removed) => new(dot, false, element, removed);

    public override CrdtKind Kind => CrdtKind.Set;

    public override int DotCount => 1;

    public bool IsAddition { get; }

    public ValueBytes Element { get; }

    public ReadOnlySpan<Dot> Replaced => _replaced;

    /// <summary>[is addition, element, [dots replaced or removed]]</summary>
    public override void Write(ref WireWriter writer)
    {
        writer.Raw.WriteArrayHeader(3);
        writer.Raw.Write(IsAddition ? 1 : 0);
        writer.WriteValue(Element);
        writer.WriteDots(_replaced);
    }

    public static SetDelta Read(Dot first, ref WireReader reader)
    {
        reader.ReadArrayHeader("set", 3, exactly: true);
        var isAddition = reader.ReadInt32("set.isAddition", 0, 1) == 1;
        return new(first, isAddition, reader.ReadValue("set.element"), reader.ReadDots("set.replaced"));
    }
}
