namespace Edge.Sync;

/// <summary>What one collection takes of a database file.</summary>
public sealed class CollectionStorage
{
    internal CollectionStorage() { }

    /// <summary>The collection.</summary>
    public required string Collection { get; init; }

    /// <summary>Its documents, deleted ones included.</summary>
    public required long DocumentCount { get; init; }

    /// <summary>Those that were deleted: their contents stay until all members have seen that.</summary>
    public required long DeletedCount { get; init; }

    /// <summary>Its stored states, in bytes.</summary>
    public required long StateBytes { get; init; }

    /// <summary>The values in its SQL table, in bytes; 0 while no class has been used.</summary>
    public required long TableBytes { get; init; }
}
