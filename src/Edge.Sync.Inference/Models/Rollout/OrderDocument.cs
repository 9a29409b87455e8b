namespace Edge.Sync.Inference;

/// <summary>A rollout: what was decided, signed, and how far it has come.</summary>
[EdgeDocument("inference-rollout")]
internal sealed partial class OrderDocument
{
    public partial string Model { get; set; }

    /// <summary>An <see cref="OrderStatement"/>; the id follows from it.</summary>
    public partial string Statement { get; set; }

    public partial string Signature { get; set; }

    /// <summary>The furthest that anybody has advanced it: two who advance it from one stage have advanced it once.</summary>
    public partial MaxRegister<int> Stage { get; }
}

/// <summary>A version that must not run. Any replica may write one; it is never deleted.</summary>
[EdgeDocument("inference-stop")]
internal sealed partial class StopDocument
{
    public partial string Model { get; set; }

    /// <summary>The manifest.</summary>
    public partial DocumentId Version { get; set; }

    /// <summary>For people.</summary>
    public partial string Reason { get; set; }
}

/// <summary>What one device has seen of one order, by stage. Only that device writes it.</summary>
[EdgeDocument("inference-evidence")]
internal sealed partial class EvidenceDocument
{
    public partial string Model { get; set; }

    public partial DocumentId Order { get; set; }

    /// <summary>The device's replica.</summary>
    public partial Guid Device { get; set; }

    public partial ReplicatedMap<int, GrowCounter> Frames { get; }

    public partial ReplicatedMap<int, GrowCounter> Faults { get; }
}
