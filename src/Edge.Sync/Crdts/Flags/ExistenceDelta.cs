namespace Edge.Sync.Crdts;

/// <summary>Says that a document exists (every edit does), or takes back the listed sayings (a deletion).</summary>
internal sealed class ExistenceDelta : Delta
{
    private readonly Dot[]? _removed;

    private ExistenceDelta(Dot first, Dot[]? removed) : base(first) => _removed = removed;

    public static ExistenceDelta Touch(Dot dot) => new(dot, null);

    public static ExistenceDelta Delete(Dot dot, Dot[] removed) => new(dot, removed);

    public override CrdtKind Kind => CrdtKind.Existence;

    public override int DotCount => 1;

    public bool IsDeletion => _removed is not null;

    public ReadOnlySpan<Dot> Removed => _removed;

    /// <summary>Nil for an edit, an array of dots for a deletion.</summary>
    public override void Write(ref WireWriter writer)
    {
        if (_removed is null) writer.Raw.WriteNil();
        else writer.WriteDots(_removed);
    }

    public static ExistenceDelta Read(Dot first, ref WireReader reader) =>
        reader.TryReadNil() ? Touch(first) : Delete(first, reader.ReadDots("existence.removed"));
}
