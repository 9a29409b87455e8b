namespace Edge.Sync.Inference;

/// <summary>What a <see cref="PlacementPolicy"/> weighs.</summary>
public sealed record PlacementOptions
{
    /// <summary>The price of a millisecond of waiting; other prices are in the same unit.</summary>
    /// <value>The default is 1.</value>
    public double LatencyPrice { get; init; } = 1;

    /// <summary>The price of a result that comes after its deadline, besides the wait.</summary>
    /// <value>The default is 100.</value>
    public double MissPrice { get; init; } = 100;

    /// <summary>How many deviations a place that is little known gets the benefit of.</summary>
    /// <value>The default is 1.</value>
    public double Exploration { get; init; } = 1;

    /// <summary>How much of what was learned is kept with each new observation; less follows changes faster.</summary>
    /// <value>The default is 0.995.</value>
    public double Memory { get; init; } = 0.995;

    internal void Validate()
    {
        if (LatencyPrice is not (>= 0 and < double.PositiveInfinity) || MissPrice is not (>= 0 and < double.PositiveInfinity) || Exploration is not (>= 0 and <= 10) || Memory is not (>= 0.9 and <= 1))
            throw new ArgumentException($"Prices are not negative, {nameof(Exploration)} lies between 0 and 10 and {nameof(Memory)} between 0.9 and 1; they are {LatencyPrice}, {MissPrice}, {Exploration}, {Memory}.");
    }
}
