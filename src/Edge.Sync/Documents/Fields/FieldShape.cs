using Edge.Sync.Crdts;

namespace Edge.Sync.Documents;

/// <summary>How a field lies in a document and in its SQL table, without the .NET types: what a projection needs while no class is in use.</summary>
/// <param name="Kind">Which CRDT merges it.</param>
/// <param name="Column">How the projection stores it.</param>
internal sealed record FieldShape(CrdtKind Kind, ColumnType Column)
{
    /// <summary>How one element of a set, a log or a tree appears in its JSON, or one key of a map; the same as <see cref="Column"/> for the other kinds.</summary>
    public ColumnType Element { get; init; } = Column;

    /// <summary>What lies under the keys of a map; null for the other kinds, and for an object.</summary>
    public FieldShape? Value { get; init; }

    /// <summary>The fields of an object, which is a map with their wire names as keys; null for all else.</summary>
    public IReadOnlyList<FieldDefinition>? Fields { get; init; }
}
