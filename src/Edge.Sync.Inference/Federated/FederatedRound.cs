namespace Edge.Sync.Inference;

/// <summary>A round that is closed: from whom it is, and what it came to.</summary>
public sealed class FederatedRound
{
    private readonly float[] _parameters;

    internal FederatedRound(int number, IReadOnlyList<ReplicaId> members, double noiseMultiplier, float[] parameters) =>
        (Number, Members, NoiseMultiplier, _parameters) = (number, members, noiseMultiplier, parameters);

    /// <summary>From 0.</summary>
    public int Number { get; }

    /// <summary>The devices whose contributions count, in one order.</summary>
    public IReadOnlyList<ReplicaId> Members { get; }

    /// <summary>The noise that was added, in units of the clip.</summary>
    public double NoiseMultiplier { get; }

    /// <summary>The parameters after the round: where the next one starts.</summary>
    public ReadOnlySpan<float> Parameters => _parameters;
}
