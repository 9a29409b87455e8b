namespace Edge.Sync.Crdts;

/// <summary>A value that was beyond all that its author had seen.</summary>
internal sealed class ExtremeDelta(CrdtKind kind, Dot first, ValueBytes value) : Delta(first)
{
    public override CrdtKind Kind => kind;

    public override int DotCount => 1;

    public ValueBytes Value => value;

    /// <summary>The value itself.</summary>
    public override void Write(ref WireWriter writer) => writer.WriteValue(value);

    public override void VisitNamed(IDotVisitor visitor) { }

    public override Delta Named(DotNames names) => new ExtremeDelta(kind, names[First], value);

    public static ExtremeDelta Read(CrdtKind kind, Dot first, ref WireReader reader) => new(kind, first, reader.ReadValue("extreme.value"));
}
