namespace Edge.Sync.Inference;

/// <summary>Learns a place's latency as a linear function of features: recursive least squares with forgetting. Allocates nothing after it is made.</summary>
/// <remarks>
/// The doubt is that of LinUCB (Li et al., WWW 2010), but on the latency, which is what is uncertain; prices are known and stay outside. Forgetting without new evidence
/// lets doubt grow without bound, so its matrix is held within a trace.
/// </remarks>
internal sealed class LatencyModel(double memory)
{
    private const int Count = LatencyFeatures.Count;
    private const double PriorVariance = 10;
    private const double TraceMax = Count * PriorVariance;
    private const double DeviationMemory = 0.95, ResidualMemory = 0.8, ResidualDecay = 0.98;

    private readonly double[] _weights = new double[Count];
    private readonly double[] _inverse = Prior();
    private readonly double[] _gain = new double[Count];
    private double _deviation = 10;

    /// <summary>How far the last observations were above what was predicted, in milliseconds; it fades while nothing is observed.</summary>
    public double ResidualMs { get; private set; }

    public void Fade() => ResidualMs *= ResidualDecay;

    public (double LatencyMs, double DoubtMs) Predict(in LatencyFeatures features)
    {
        var latency = 0.0;
        for (var i = 0; i < Count; i++)
            latency += _weights[i] * features[i];
        return (Math.Max(0, latency), _deviation * Math.Sqrt(Math.Max(0, Square(features))));
    }

    public void Observe(in LatencyFeatures features, double latencyMs)
    {
        var predicted = 0.0;
        for (var i = 0; i < Count; i++)
            predicted += _weights[i] * features[i];
        var error = latencyMs - predicted;
        var divisor = memory + Square(features);
        for (var i = 0; i < Count; i++)
            _weights[i] += _gain[i] / divisor * error;
        var trace = 0.0;
        for (var i = 0; i < Count; i++)
            for (var j = 0; j < Count; j++)
            {
                ref var cell = ref _inverse[i * Count + j];
                cell = (cell - _gain[i] * _gain[j] / divisor) / memory;
                if (i == j)
                    trace += cell;
            }
        if (trace > TraceMax)
            foreach (ref var cell in _inverse.AsSpan())
                cell *= TraceMax / trace;
        _deviation = DeviationMemory * _deviation + (1 - DeviationMemory) * Math.Min(Math.Abs(error), 5 * _deviation + 1);
        ResidualMs = ResidualMemory * ResidualMs + (1 - ResidualMemory) * error;
    }

    // xᵀ P x; leaves P x in the gain.
    private double Square(in LatencyFeatures features)
    {
        var square = 0.0;
        for (var i = 0; i < Count; i++)
        {
            var sum = 0.0;
            for (var j = 0; j < Count; j++)
                sum += _inverse[i * Count + j] * features[j];
            _gain[i] = sum;
            square += sum * features[i];
        }
        return square;
    }

    private static double[] Prior()
    {
        var inverse = new double[Count * Count];
        for (var i = 0; i < Count; i++)
            inverse[i * Count + i] = PriorVariance;
        return inverse;
    }
}
