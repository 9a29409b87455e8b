namespace Edge.Sync.Inference;

/// <summary>When scores or inputs count as drifted away from what they were.</summary>
/// <remarks>
/// Scores are watched by key, by a two-sided cumulative sum (Page 1954) over a whitened series: sensors' scores follow each other, and without whitening false alarms come
/// by the thousand. The reference, its whitening (a first-order autoregression), its distribution and the threshold are all taken from the first
/// <see cref="ReferenceCount"/> scores of the version, so nothing need be normal or known beforehand. Inputs are watched feature by feature, by the population stability index against
/// the histogram in the model's metadata (<see cref="ModelMetadataKeys.HistogramEdges"/>), where there is one.
/// </remarks>
public sealed record DriftOptions
{
    /// <summary>Scores of a key that make the reference; no alarm before.</summary>
    /// <value>The default is 2,000.</value>
    public int ReferenceCount { get; init; } = 2_000;

    /// <summary>The shift of the score to be found, in standard deviations of the reference.</summary>
    /// <value>The default is 1. Smaller ones take longer to find.</value>
    public double Shift { get; init; } = 1;

    /// <summary>Inferences of a key between two false alarms, about, while nothing drifts.</summary>
    /// <value>The default is 100,000.</value>
    public double InferencesPerFalseAlarm { get; init; } = 100_000;

    /// <summary>Whether the series is whitened.</summary>
    /// <value>The default is true. Switch it off only for scores that are known to be independent of each other.</value>
    public bool Whiten { get; init; } = true;

    /// <summary>Inferences that are compared with the histogram at a time.</summary>
    /// <value>The default is 1,000.</value>
    public int InputCount { get; init; } = 1_000;

    /// <summary>The population stability index above which a feature has drifted.</summary>
    /// <value>The default is 0.25, by custom a major change.</value>
    public double StabilityIndexMax { get; init; } = 0.25;

    /// <summary>Inferences after an alarm without another one of its kind, for the same key or feature.</summary>
    /// <value>The default is 2,000.</value>
    public int QuietCount { get; init; } = 2_000;

    /// <summary>Called by a run for each alarm, between two readings.</summary>
    /// <value>The default is null: nobody.</value>
    public Action<DriftAlarm>? OnAlarm { get; init; }

    /// <summary>Whether a run appends each alarm to the log as a <see cref="ModelDrifted"/>, which every replica hears of.</summary>
    /// <value>The default is true.</value>
    public bool Save { get; init; } = true;

    internal void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(ReferenceCount, 100);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(ReferenceCount, 1 << 20);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(Shift);
        ArgumentOutOfRangeException.ThrowIfLessThan(InferencesPerFalseAlarm, 100);
        ArgumentOutOfRangeException.ThrowIfLessThan(InputCount, 10);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(StabilityIndexMax);
        ArgumentOutOfRangeException.ThrowIfNegative(QuietCount);
    }
}
