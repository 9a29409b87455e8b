using Edge.Sync.Causality;

namespace Edge.Sync.Testing;

/// <summary>Ids and salts from a seed.</summary>
internal sealed class SimulatedRandom(int seed) : EdgeRandom
{
    private readonly Random _random = new(seed);

    public override void Fill(Span<byte> bytes) => _random.NextBytes(bytes);

    /// <summary>A seed for one of the parts that draw from one seed, so that what one draws does not change what another does.</summary>
    public static int Seed(int seed, int part) => unchecked((int)((uint)seed * 2_654_435_761u ^ (uint)part * 2_246_822_519u));
}
