namespace Edge.Sync;

/// <summary>What of the log could be folded into snapshots, and who holds it back.</summary>
/// <remarks>
/// A prefix of the log may be folded once it is stable: accepted by every member. This version keeps no members and no acknowledgements across sessions, so it
/// cannot tell, and says so: the whole log is kept, and nobody is named.
/// </remarks>
public sealed class FoldingReport
{
    internal FoldingReport() { }

    /// <summary>Whether this version can tell what is stable. Always false so far.</summary>
    public bool IsKnown => false;

    /// <summary>The bytes of the log that could be folded; 0 while that is not known.</summary>
    public long FoldableBytes => 0;

    /// <summary>The replicas whose acknowledgement is awaited; none while that is not known.</summary>
    public IReadOnlyList<string> HeldBackBy => [];
}
