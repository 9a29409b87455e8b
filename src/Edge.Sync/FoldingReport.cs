namespace Edge.Sync;

/// <summary>What of the log everybody has seen, so that it could be folded into snapshots, and who holds back the rest.</summary>
/// <remarks>
/// <para>This version folds nothing: the report says who would have to be heard of, or put out, for the log to become shorter.</para>
/// <para>Who has seen what is read from the log alone: whoever writes says by that what it follows. So a replica that has received everything and written nothing since holds back what came after its last change, and one that has never
/// written is not waited for. A replica whose file went on under another id, after it was copied or restored, stays in the list under its old one.</para>
/// </remarks>
public sealed class FoldingReport
{
    internal FoldingReport() { }

    /// <summary>All changes of the log.</summary>
    public required long ChangeCount { get; init; }

    /// <summary>Those that everybody has seen.</summary>
    public required long FoldableCount { get; init; }

    /// <summary>All changes of the log, in bytes as they are sent: packed they take less of the file.</summary>
    public required long Bytes { get; init; }

    /// <summary>Those that everybody has seen, in bytes.</summary>
    public required long FoldableBytes { get; init; }

    /// <summary>Who has not seen how much of the log, as far as the log shows; most bytes first.</summary>
    public required IReadOnlyList<FoldHolder> HeldBackBy { get; init; }

    /// <summary>The same for each collection, by its name in ordinal order.</summary>
    public required IReadOnlyList<CollectionFolding> Collections { get; init; }
}
