namespace Edge.Sync.Crdts;

/// <summary>A value and the dots of the values that it replaces.</summary>
internal sealed class RegisterDelta(Dot first, ValueBytes value, Dot[] replaced) : Delta(first)
{
    private readonly Dot[] _replaced = replaced;

    public override CrdtKind Kind => CrdtKind.Register;

    public override int DotCount => 1;

    public ValueBytes Value { get; } = value;

    public ReadOnlySpan<Dot> Replaced => _replaced;

    /// <summary>[value, [replaced dots]]</summary>
    public override void Write(ref WireWriter writer)
    {
        writer.Raw.WriteArrayHeader(2);
        writer.WriteValue(Value);
        writer.WriteDots(_replaced);
    }

    public static RegisterDelta Read(Dot first, ref WireReader reader)
    {
        reader.ReadArrayHeader("register", 2, exactly: true);
        return new(first, reader.ReadValue("register.value"), reader.ReadDots("register.replaced"));
    }
}
