namespace Edge.Sync.Inference.Drift;

/// <summary>Maps values of any distribution to a standard normal one, by their rank in a reference (van der Waerden scores).</summary>
/// <remarks>So thresholds that are computed for normal values hold for all, and no single outlier counts for more than its rank.</remarks>
internal sealed class NormalScores
{
    private readonly double[] _sorted;
    private readonly double[] _quantiles;

    public NormalScores(double[] reference)
    {
        _sorted = [.. reference.Order()];
        // A new value has one of 2n + 1 places: between two of the reference, or equal to one.
        _quantiles = new double[2 * _sorted.Length + 1];
        for (var place = 0; place < _quantiles.Length; place++)
            _quantiles[place] = Quantile((place + 1d) / (_quantiles.Length + 1));
    }

    public double Of(double value) => _quantiles[Bound(value, inclusive: false) + Bound(value, inclusive: true)];

    // How many of the reference are below the value, or at most it.
    private int Bound(double value, bool inclusive)
    {
        int low = 0, high = _sorted.Length;
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (_sorted[middle] < value || inclusive && _sorted[middle] == value)
                low = middle + 1;
            else
                high = middle;
        }
        return low;
    }

    /// <summary>The quantile of the standard normal distribution, by the rational approximation of Acklam (relative error 1.2e-9).</summary>
    public static double Quantile(double p)
    {
        const double Low = 0.02425;
        if (p < Low)
            return Tail(Math.Sqrt(-2 * Math.Log(p)));
        if (p > 1 - Low)
            return -Tail(Math.Sqrt(-2 * Math.Log(1 - p)));
        var q = p - 0.5;
        var r = q * q;
        return (((((-3.969683028665376e+01 * r + 2.209460984245205e+02) * r - 2.759285104469687e+02) * r + 1.383577518672690e+02) * r - 3.066479806614716e+01) * r + 2.506628277459239e+00) * q
            / (((((-5.447609879822406e+01 * r + 1.615858368580409e+02) * r - 1.556989798598866e+02) * r + 6.680131188771972e+01) * r - 1.328068155288572e+01) * r + 1);

        static double Tail(double q) =>
            (((((-7.784894002430293e-03 * q - 3.223964580411365e-01) * q - 2.400758277161838e+00) * q - 2.549732539343734e+00) * q + 4.374664141464968e+00) * q + 2.938163982698783e+00)
            / ((((7.784695709041462e-03 * q + 3.224671290700398e-01) * q + 2.445134137142996e+00) * q + 3.754408661907416e+00) * q + 1);
    }
}
