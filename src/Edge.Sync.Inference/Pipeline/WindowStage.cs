using Edge.Sync.Inference.Pipeline;

namespace Edge.Sync.Inference;

/// <summary>Second stage: windows of readings.</summary>
public sealed class WindowStage<T, TKey> where TKey : notnull
{
    private readonly PipelinePlan<T, TKey> _plan;

    internal WindowStage(PipelinePlan<T, TKey> plan) => _plan = plan;

    /// <summary>Makes a row of numbers of each window.</summary>
    /// <param name="count">How many: the width of the model's input, or of the first step before it.</param>
    /// <param name="extract">Fills them in.</param>
    public FeatureStage<T, TKey> Features(int count, FeatureExtractor<T> extract)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count);
        ArgumentNullException.ThrowIfNull(extract);
        return new(_plan with { FeatureCount = count, InputWidth = count, Extract = extract });
    }

    /// <summary>Makes a row of one number of each reading: the newest <paramref name="count"/>, oldest first; zeros stand before them where a window has fewer.</summary>
    public FeatureStage<T, TKey> Values(int count, Func<T, float> value)
    {
        ArgumentNullException.ThrowIfNull(value);
        return Features(count, (window, features) =>
        {
            var newest = window[Math.Max(0, window.Length - features.Length)..];
            var row = features[(features.Length - newest.Length)..];
            for (var i = 0; i < newest.Length; i++)
                row[i] = value(newest[i]);
        });
    }
}
