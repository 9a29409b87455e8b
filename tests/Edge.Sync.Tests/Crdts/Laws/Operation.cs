using Edge.Sync.Crdts;

namespace Edge.Sync.Tests.Crdts.Laws;

/// <summary>One edit with all that a definition of its type needs: who made it, when, and what they had seen.</summary>
internal sealed record Operation(Delta Delta, int Intent, HybridTimestamp Stamp, VersionVector Past, VersionVector Fold)
{
    public Dot Dot => Delta.First;

    public Dot Last => Dot.Plus((ulong)Math.Max(0, Delta.DotCount - 1));

    /// <summary>Whether the author of <paramref name="later"/> had seen this one.</summary>
    public bool Precedes(Operation later) => later.Past.Contains(Dot);
}
