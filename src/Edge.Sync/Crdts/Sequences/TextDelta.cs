namespace Edge.Sync.Crdts;

/// <summary>Placeholder for the sequence engine.</summary>
internal sealed class TextDelta(Dot first) : Delta(first)
{
    public override CrdtKind Kind => CrdtKind.Text;

    public override int DotCount => 0;

    public override void Write(ref WireWriter writer) => throw new NotSupportedException();

    public static TextDelta Read(Dot first, ref WireReader reader) => throw new NotSupportedException();
}
