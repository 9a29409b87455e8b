namespace Edge.Sync.Inference;

/// <summary>The rules of a model's rounds. All devices of a fleet use the same.</summary>
public sealed record FederatedOptions
{
    /// <summary>The greatest length (L2) of what one device may change in a round: longer changes are shortened to it.</summary>
    /// <value>The default is 1.</value>
    public double Clip { get; init; } = 1;

    /// <summary>
    /// The deviation of the noise that whoever closes a round adds to the sum, in units of <see cref="Clip"/>: what hides any one device from those who see the result
    /// (but not from who closes the round). See <see cref="GaussianAccountant"/> for what it is worth.
    /// </summary>
    /// <value>The default, 0, adds none and promises nothing.</value>
    public double NoiseMultiplier { get; init; }

    /// <summary>Contributions that a round needs before it can be closed.</summary>
    /// <value>The default is 3.</value>
    public int DevicesMin { get; init; } = 3;

    internal void Validate()
    {
        if (Clip is not (> 0 and < double.PositiveInfinity) || NoiseMultiplier is not (>= 0 and <= 1_000))
            throw new ArgumentException($"{nameof(Clip)} is greater than 0 and {nameof(NoiseMultiplier)} lies between 0 and 1,000; they are {Clip} and {NoiseMultiplier}.");
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(DevicesMin);
    }
}
