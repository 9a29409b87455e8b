using Edge.Sync.Crdts;

namespace Edge.Sync.Documents;

/// <summary>How a field lies in a document and in its SQL table, without the .NET types: what a projection needs while no class is in use.</summary>
/// <param name="Kind">Which CRDT merges it.</param>
/// <param name="Column">How the projection stores it.</param>
internal sealed record FieldShape(CrdtKind Kind, ColumnType Column)
{
    /// <summary>How one element of a set, a log or a tree appears in its JSON, or one key of a map; the same as <see cref="Column"/> for the other kinds.</summary>
    public ColumnType Element { get; init; } = Column;

    /// <summary>What lies under the keys of a map, or an element of a list that is an object; null for the other kinds, and for an object.</summary>
    public FieldShape? Value { get; init; }

    /// <summary>The fields of an object, which is a map with their wire names as keys; the members of a record, which is one value; null for all else.</summary>
    public IReadOnlyList<FieldDefinition>? Fields { get; init; }

    /// <summary>What the app's own rule makes of a state: the value to be shown. Null where there is no such rule, and where no class of the document is in use.</summary>
    public Func<CrdtState, ValueBytes>? Rule { get; init; }

    /// <summary>The kind of a second state in the same field: the objects of a list, of which the list itself holds the keys.</summary>
    public CrdtKind? Companion => Kind == CrdtKind.List && Value is not null ? CrdtKind.Map : null;

    /// <summary>Whether the app has rules of its own, here or further in.</summary>
    public bool HasRule => Rule is not null || Value is { HasRule: true } || (Fields?.Any(static inner => inner.Shape.HasRule) ?? false);

    /// <summary>What lies under a key, of a map or of an object; null where that is not known.</summary>
    public FieldShape? Under(ValueBytes key) => Fields?.FirstOrDefault(field => field.Key.Equals(key))?.Shape ?? Value;

    /// <summary>The shape of a plain value in a register.</summary>
    public static FieldShape OfValue<T>() => new(CrdtKind.Register, ColumnTypes.Of<T>()) { Fields = ValueCodec<T>.Record?.Fields };
}
