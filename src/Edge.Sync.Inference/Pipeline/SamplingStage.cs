namespace Edge.Sync.Inference.Pipeline;

/// <summary>Lets a share of the inferences through, by a hash of their number (SplitMix64, Steele et al. 2014).</summary>
internal sealed class SamplingStage<T, TKey>(double share, ulong seed, InferenceObserver<T, TKey> observer) where TKey : notnull
{
    // 2^64 itself is no ulong: at a share of 1 every hash is below or equal.
    private readonly ulong _limit = share >= 1 ? ulong.MaxValue : (ulong)(share * Math.Pow(2, 64));
    private readonly bool _isNone = share <= 0;

    public ModelStage<T, TKey> AddTo(ModelStage<T, TKey> stage)
    {
        // Each pipeline that is built of the stage counts by itself.
        return stage.Observe(() =>
        {
            var number = 0UL;
            return (in Inference<T, TKey> inference) =>
            {
                if (!_isNone && Hash(seed + 0x9E3779B97F4A7C15 * ++number) <= _limit)
                    observer(inference);
            };
        });
    }

    private static ulong Hash(ulong z)
    {
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
