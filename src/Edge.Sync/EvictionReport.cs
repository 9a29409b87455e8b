namespace Edge.Sync;

/// <summary>What became of the documents that a query was to evict.</summary>
public sealed class EvictionReport
{
    internal EvictionReport(int evictedCount, IReadOnlyList<DocumentId> unsent, IReadOnlyList<DocumentId> withoutKeeper) => (EvictedCount, Unsent, WithoutKeeper) = (evictedCount, unsent, withoutKeeper);

    /// <summary>How many were freed.</summary>
    public int EvictedCount { get; }

    /// <summary>Those that have changes of this replica which no keeper has acknowledged so far: sync, then try again.</summary>
    public IReadOnlyList<DocumentId> Unsent { get; }

    /// <summary>Those of which no keeper is known to hold all: sync with one, then try again.</summary>
    public IReadOnlyList<DocumentId> WithoutKeeper { get; }
}
