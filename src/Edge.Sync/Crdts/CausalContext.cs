namespace Edge.Sync.Crdts;

/// <summary>What the giver of a state has seen. A dot that is in here, and not in the state, was removed.</summary>
/// <param name="version">All dots up to these.</param>
/// <param name="kept">Dots that are alive though the state leaves them out, because the receiver has their entries.</param>
internal sealed class CausalContext(VersionVector version, HashSet<Dot>? kept = null)
{
    public bool Contains(Dot dot) => version.Contains(dot) && (kept is null || !kept.Contains(dot));
}
