namespace Edge.Sync.Tests;

/// <summary>Ids and salts from a seed, so that a failing run can be repeated.</summary>
internal sealed class SeededRandom(int seed) : EdgeRandom
{
    private readonly Random _random = new(seed);

    public override void Fill(Span<byte> bytes) => _random.NextBytes(bytes);
}
