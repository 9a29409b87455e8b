namespace Edge.Sync.Inference;

/// <summary>What one device has learned in one round. Its id is its key: however often it is sent, it counts once.</summary>
[EdgeDocument("inference-contribution")]
internal sealed partial class ContributionDocument
{
    public partial string Model { get; set; }

    /// <summary>The manifest of the version that the rounds began with.</summary>
    public partial DocumentId Base { get; set; }

    public partial int Round { get; set; }

    public partial Guid Device { get; set; }

    /// <summary>A <see cref="FixedPoint"/> text.</summary>
    public partial string Values { get; set; }
}

/// <summary>A round that is closed.</summary>
[EdgeDocument("inference-round")]
internal sealed partial class RoundDocument
{
    public partial string Model { get; set; }

    /// <summary>A <see cref="RoundStatement"/>.</summary>
    public partial string Statement { get; set; }

    public partial string Signature { get; set; }
}
