namespace Edge.Sync.Inference.Drift;

/// <summary>Compares inputs with the histogram of those that the model was trained on, so many at a time. Not safe for several threads.</summary>
/// <remarks>
/// The population stability index of a feature is the sum over its bins of (share now - share then) · ln(share now / share then). Half a count is added to each bin,
/// so that one that was or is empty counts for much and not for infinity.
/// </remarks>
internal sealed class InputMonitor(DriftOptions options, ReferenceHistogram reference)
{
    private readonly int[] _counts = new int[reference.Width * reference.Bins];
    private int _count;
    private int _quiet;

    /// <summary>Takes the next input. Answers with the feature that drifted most, where one did.</summary>
    public (int Feature, double Index)? Observe(ReadOnlySpan<float> features)
    {
        for (var feature = 0; feature < features.Length; feature++)
            _counts[feature * reference.Bins + reference.BinOf(feature, features[feature])]++;
        if (_quiet > 0)
            _quiet--;
        if (++_count < options.InputCount)
            return null;
        (int Feature, double Index) worst = (0, 0);
        for (var feature = 0; feature < reference.Width; feature++)
            if (IndexOf(feature) is var index && index > worst.Index)
                worst = (feature, index);
        Array.Clear(_counts);
        _count = 0;
        if (worst.Index <= options.StabilityIndexMax || _quiet > 0)
            return null;
        _quiet = options.QuietCount;
        return worst;
    }

    private double IndexOf(int feature)
    {
        var (bins, sum) = (reference.Bins, 0d);
        var then = reference.SharesOf(feature);
        for (var bin = 0; bin < bins; bin++)
        {
            var now = (_counts[feature * bins + bin] + 0.5) / (_count + 0.5 * bins);
            var before = (then[bin] * _count + 0.5) / (_count + 0.5 * bins);
            sum += (now - before) * Math.Log(now / before);
        }
        return sum;
    }
}
