namespace Edge.Sync.Documents;

/// <summary>What of a field is read from its column, where a document comes from a row of its read model.</summary>
internal enum ColumnUse : byte
{
    /// <summary>Nothing: the column is made for SQL alone.</summary>
    None = 0,

    /// <summary>The value that the property shows; for all else the document's state is needed.</summary>
    Value = 1,

    /// <summary>All that the property has.</summary>
    All = 2,
}
