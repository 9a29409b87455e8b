namespace Edge.Sync.Crdts;

/// <summary>A value and the dots of the values that it replaces; or those dots alone, which are taken away without another in their place.</summary>
internal sealed class RegisterDelta : Delta
{
    private readonly Dot[] _replaced;

    public RegisterDelta(Dot first, ValueBytes value, Dot[] replaced) : base(first) => (Value, _replaced) = (value, replaced);

    private RegisterDelta(Dot first, Dot[] removed) : base(first) => (IsClearing, _replaced) = (true, removed);

    /// <summary>Takes values away. Where that leaves none, the register reads as if nothing had been written.</summary>
    public static RegisterDelta Clear(Dot first, Dot[] removed) => new(first, removed);

    public override CrdtKind Kind => CrdtKind.Register;

    public override int DotCount => 1;

    public bool IsClearing { get; }

    /// <summary>What is written; without meaning where <see cref="IsClearing"/>.</summary>
    public ValueBytes Value { get; }

    public override ReadOnlySpan<Dot> Replaced => _replaced;

    /// <summary>[value, [replaced dots]] or [[removed dots]]</summary>
    public override void Write(ref WireWriter writer)
    {
        writer.Raw.WriteArrayHeader(IsClearing ? 1 : 2);
        if (!IsClearing) writer.WriteValue(Value);
        writer.WriteDots(_replaced);
    }

    public override void VisitNamed(IDotVisitor visitor) => Visit(visitor, Replaced);

    public override Delta Named(DotNames names) => IsClearing ? Clear(names[First], names.All(_replaced)) : new RegisterDelta(names[First], Value, names.All(_replaced));

    public static RegisterDelta Read(Dot first, ref WireReader reader)
    {
        var length = reader.ReadArrayHeader("register");
        if (length is not (1 or 2)) throw reader.Malformed("register", $"it has 1 or 2 elements, not {length}");
        if (length == 1) return Clear(first, reader.ReadDots("register.removed"));
        return new(first, reader.ReadValue("register.value"), reader.ReadDots("register.replaced"));
    }
}
