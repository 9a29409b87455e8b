namespace Edge.Sync.Inference.Drift;

/// <summary>The two-sided cumulative sum of Page (1954) over a series of mean 0 and deviation 1.</summary>
/// <param name="reference">What each value must exceed to count: half the shift to be found.</param>
/// <param name="limit">The sum above which there is an alarm.</param>
internal struct CumulativeSum(double reference, double limit)
{
    private double _up;
    private double _down;

    /// <summary>Takes the next value. Answers with the sum where it is above the limit, and begins anew; null where it is not.</summary>
    public double? Next(double value)
    {
        _up = Math.Max(0, _up + value - reference);
        _down = Math.Max(0, _down - value - reference);
        var sum = Math.Max(_up, _down);
        if (sum <= limit)
            return null;
        _up = _down = 0;
        return sum;
    }

    /// <summary>The limit for a number of values between two false alarms, by the approximation of Siegmund (1985).</summary>
    /// <param name="reference">As above.</param>
    /// <param name="valuesPerFalseAlarm">Of both sides together.</param>
    public static double LimitFor(double reference, double valuesPerFalseAlarm)
    {
        // One side alone: ARL = (exp(2kb) - 2kb - 1) / 2k², and b is the limit and 1.166, for what the sum overshoots by.
        var wanted = 2 * valuesPerFalseAlarm;
        double low = 0, high = 10;
        while (Length(high) < wanted)
            high *= 2;
        for (var i = 0; i < 60; i++)
        {
            var middle = (low + high) / 2;
            (low, high) = Length(middle) < wanted ? (middle, high) : (low, middle);
        }
        return Math.Max(0.5, high - 1.166);

        double Length(double b) => (Math.Exp(2 * reference * b) - 2 * reference * b - 1) / (2 * reference * reference);
    }
}
