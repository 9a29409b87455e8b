using Edge.Sync.Log;

namespace Edge.Sync.Replication;

/// <summary>What became of a batch of changes from a peer.</summary>
internal sealed class ApplyOutcome
{
    /// <summary>The last dots of those that came in their order: whoever sent them has them.</summary>
    public List<Dot> Known { get; } = [];

    /// <summary>How many are new here.</summary>
    public int AcceptedCount { get; set; }

    /// <summary>How many were there already.</summary>
    public int DuplicateCount { get; set; }

    public bool AnyDuplicate => DuplicateCount > 0;

    /// <summary>The last of those in each feed that were there already. Where the feed has forked, its ends alone do not tell the peer that.</summary>
    public Dictionary<ReplicaId, FeedEnd> Held { get; } = [];

    /// <summary>The newest change here after the batch: <see cref="Held"/> is acknowledged once that survives a power cut.</summary>
    public long Sequence { get; set; }

    /// <summary>Some came before what they follow, and were left.</summary>
    public bool AnyEarly { get; set; }

    /// <summary>What some follow could be one of several: the peer must say which.</summary>
    public bool AnyUntold { get; set; }

    /// <summary>Why a change, or its seal, can never be taken; it and those after it were left.</summary>
    public EdgeDataException? Refused { get; set; }
}
