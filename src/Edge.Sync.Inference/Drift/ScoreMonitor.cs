namespace Edge.Sync.Inference.Drift;

/// <summary>Learns what scores are usual, then watches for a shift; see <see cref="DriftOptions"/>. Not safe for several threads.</summary>
internal sealed class ScoreMonitor(DriftOptions options)
{
    /// <summary>A series closer to a random walk than this has no mean to depart from.</summary>
    private const double CorrelationMax = 0.99;

    private double[]? _reference = new double[options.ReferenceCount];
    private int _count;
    private double _mean;
    private double _correlation;
    private double _previous;
    private NormalScores? _scores;
    private CumulativeSum _sum;
    private int _quiet;

    /// <summary>The sum above which there is an alarm; 0 while it learns.</summary>
    public double Limit { get; private set; }

    /// <summary>What a value shares with the one before it, in the reference; 0 where that is not taken out.</summary>
    public double Correlation => _correlation;

    /// <summary>Takes the next score. Answers with the statistic where there is an alarm.</summary>
    public double? Observe(float score)
    {
        if (_reference is { } reference)
        {
            reference[_count++] = score;
            if (_count == reference.Length)
                Learn(reference);
            return null;
        }
        var residual = score - _mean - _correlation * (_previous - _mean);
        _previous = score;
        // While it is quiet the sum begins anew each time, so that a shift that lasts is told again afterwards.
        var statistic = _sum.Next(_scores!.Of(residual));
        if (_quiet > 0)
        {
            _quiet--;
            return null;
        }
        if (statistic is not null)
            _quiet = options.QuietCount;
        return statistic;
    }

    private void Learn(double[] reference)
    {
        _mean = reference.Average();
        double variance = 0, covariance = 0;
        for (var i = 0; i < reference.Length; i++)
        {
            variance += (reference[i] - _mean) * (reference[i] - _mean);
            if (i > 0)
                covariance += (reference[i] - _mean) * (reference[i - 1] - _mean);
        }
        _correlation = options.Whiten && variance > 0 ? Math.Clamp(covariance / variance, 0, CorrelationMax) : 0;
        var residuals = new double[reference.Length - 1];
        for (var i = 1; i < reference.Length; i++)
            residuals[i - 1] = reference[i] - _mean - _correlation * (reference[i - 1] - _mean);
        _scores = new(residuals);
        _previous = reference[^1];

        // A shift of the series is a smaller one of its residuals, in their own unit.
        var shift = options.Shift * Math.Sqrt((1 - _correlation) / (1 + _correlation));
        // The mean is only known to about 1/√n, which the sum would gather as if it were drift; the limit is that of an exact mean.
        var margin = 2 / Math.Sqrt(reference.Length);
        Limit = CumulativeSum.LimitFor(shift / 2, options.InferencesPerFalseAlarm);
        _sum = new(shift / 2 + margin, Limit);
        _reference = null;
    }
}
