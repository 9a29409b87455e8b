namespace Edge.Sync;

/// <summary>What of one collection's share of the log everybody has seen.</summary>
public sealed class CollectionFolding
{
    internal CollectionFolding() { }

    /// <summary>The collection.</summary>
    public required string Collection { get; init; }

    /// <summary>What changes have written to its documents, in bytes as they are sent; what was purged or evicted is not counted.</summary>
    public required long Bytes { get; init; }

    /// <summary>Those that everybody has seen, in bytes.</summary>
    public required long FoldableBytes { get; init; }

    /// <summary>Who has not seen how much of it, as far as the log shows; most bytes first.</summary>
    public required IReadOnlyList<FoldHolder> HeldBackBy { get; init; }
}
