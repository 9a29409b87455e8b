namespace Edge.Sync.Inference;

/// <summary>What is to be computed.</summary>
/// <param name="Megabytes">Of input, to be sent if it is computed elsewhere.</param>
/// <param name="Gigaflops">Of work.</param>
/// <param name="Zone">How far its data may go.</param>
/// <param name="Deadline">When a result is of no use any more.</param>
public readonly record struct PlacementRequest(double Megabytes, double Gigaflops, PrivacyZone Zone, TimeSpan Deadline);

/// <summary>What is known of a place right now.</summary>
/// <param name="IsAlive">Whether it answers.</param>
/// <param name="IsCapable">Whether it has a model for the request.</param>
/// <param name="RoundTrip">To it and back, for a small message.</param>
/// <param name="MegabytesPerSecond">To it; 0 for the device itself.</param>
/// <param name="Load">How busy it is, from 0.</param>
/// <param name="Backlog">The work that waits there for this device, as far as is known.</param>
/// <param name="Price">What a request costs there in energy and money, in the unit of <see cref="PlacementOptions.LatencyPrice"/>.</param>
public readonly record struct PlaceConditions(bool IsAlive, bool IsCapable, TimeSpan RoundTrip, double MegabytesPerSecond, double Load, TimeSpan Backlog, double Price)
{
    /// <summary>How far what is sent there travels besides: a place that is asked through documents of a database is asked wherever these are replicated.</summary>
    /// <value>The default is <see cref="PrivacyZone.Device"/>: no farther than to the place itself.</value>
    public PrivacyZone Reach { get; init; }
}
