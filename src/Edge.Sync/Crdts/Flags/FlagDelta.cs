namespace Edge.Sync.Crdts;

/// <summary>Raises or lowers a flag, and lists the dots of the votes that its author had seen.</summary>
internal sealed class FlagDelta(CrdtKind kind, Dot first, bool isEnabled, Dot[] replaced) : Delta(first)
{
    private readonly Dot[] _replaced = replaced;

    public override CrdtKind Kind => kind;

    public override int DotCount => 1;

    public bool IsEnabled => isEnabled;

    public override ReadOnlySpan<Dot> Replaced => _replaced;

    /// <summary>[1 enabled or 0 disabled, [dots replaced]]</summary>
    public override void Write(ref WireWriter writer)
    {
        writer.Raw.WriteArrayHeader(2);
        writer.Raw.Write(isEnabled ? 1 : 0);
        writer.WriteDots(_replaced);
    }

    public override void VisitNamed(IDotVisitor visitor) => Visit(visitor, Replaced);

    public override Delta Named(DotNames names) => new FlagDelta(kind, names[First], isEnabled, names.All(_replaced));

    public static FlagDelta Read(CrdtKind kind, Dot first, ref WireReader reader)
    {
        reader.ReadArrayHeader("flag", 2, exactly: true);
        return new(kind, first, reader.ReadInt32("flag.isEnabled", 0, 1) == 1, reader.ReadDots("flag.replaced"));
    }
}
