namespace Edge.Sync.Tests.Fuzzing.Mutation;

/// <summary>SplitMix64 (Steele, Lea, Flood 2014): each input has a generator of its own, so that it can be made again from codec, seed and index alone.</summary>
internal sealed class FuzzRandom(ulong seed)
{
    private ulong _state = seed;

    public ulong NextUInt64()
    {
        var mixed = _state += 0x9E3779B97F4A7C15;
        mixed = (mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9;
        mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EB;
        return mixed ^ (mixed >> 31);
    }

    /// <summary>0 to <paramref name="end"/>, exclusive.</summary>
    public int Next(int end) => (int)((NextUInt64() >> 32) * (ulong)end >> 32);

    public T Pick<T>(IReadOnlyList<T> items) => items[Next(items.Count)];
}
