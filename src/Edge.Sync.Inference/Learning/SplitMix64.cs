namespace Edge.Sync.Inference.Learning;

/// <summary>SplitMix64 (Steele, Lea, Flood 2014): the same numbers from the same state on every platform, and a state that fits in a checkpoint.</summary>
internal struct SplitMix64(ulong state)
{
    public ulong State { get; private set; } = state;

    public ulong NextBits()
    {
        State += 0x9E3779B97F4A7C15;
        var bits = State;
        bits = (bits ^ bits >> 30) * 0xBF58476D1CE4E5B9;
        bits = (bits ^ bits >> 27) * 0x94D049BB133111EB;
        return bits ^ bits >> 31;
    }

    /// <summary>From 0 to just below 1.</summary>
    public float NextSingle() => (NextBits() >> 40) * (1f / (1 << 24));

    /// <summary>From 0 to just below 1.</summary>
    public double NextDouble() => (NextBits() >> 11) * (1.0 / (1L << 53));

    /// <summary>From 0 to just below <paramref name="end"/>.</summary>
    public int Next(int end) => (int)(((UInt128)NextBits() * (ulong)end) >> 64);

    /// <summary>Normal with mean 0 and deviation 1, by Box and Muller.</summary>
    public double NextNormal() => Math.Sqrt(-2 * Math.Log(1 - NextDouble())) * Math.Cos(2 * Math.PI * NextDouble());

    public void Shuffle(Span<int> items)
    {
        for (var i = items.Length - 1; i > 0; i--)
        {
            var other = Next(i + 1);
            (items[i], items[other]) = (items[other], items[i]);
        }
    }
}
