namespace FactoryFloor;

/// <summary>SplitMix64 (Steele, Lea, Flood 2014): the same numbers from the same seed, on every platform and in every version of .NET.</summary>
internal sealed class SeededRandom(ulong seed)
{
    private ulong _state = seed;

    public ulong NextBits()
    {
        _state += 0x9E3779B97F4A7C15;
        var bits = _state;
        bits = (bits ^ bits >> 30) * 0xBF58476D1CE4E5B9;
        bits = (bits ^ bits >> 27) * 0x94D049BB133111EB;
        return bits ^ bits >> 31;
    }

    /// <summary>From 0 to just below 1.</summary>
    public float NextSingle() => (NextBits() >> 40) * (1f / (1 << 24));

    /// <summary>From 0 to just below <paramref name="end"/>.</summary>
    public int Next(int end) => (int)(NextBits() % (ulong)end);

    /// <summary>Near enough to the normal distribution (mean 0, deviation 1), and only by additions: so it is exact everywhere.</summary>
    public float NextNormal()
    {
        var sum = -6f;
        for (var i = 0; i < 12; i++)
            sum += NextSingle();
        return sum;
    }

    public void Shuffle(Span<int> items)
    {
        for (var i = items.Length - 1; i > 0; i--)
        {
            var other = Next(i + 1);
            (items[i], items[other]) = (items[other], items[i]);
        }
    }
}
