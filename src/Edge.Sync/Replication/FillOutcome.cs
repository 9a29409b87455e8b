using Edge.Sync.Log;

namespace Edge.Sync.Replication;

/// <summary>What became of sections from a peer.</summary>
internal sealed class FillOutcome
{
    /// <summary>How many were absent here, and are there now.</summary>
    public int TakenCount { get; set; }

    /// <summary>One that is not what its change's author wrote; null where all are.</summary>
    public SectionName? FalseSection { get; set; }
}
