namespace Edge.Sync.Inference;

/// <summary>What a model sees, or says, is no longer what it was.</summary>
/// <param name="Model">The model.</param>
/// <param name="Version">Its version; null where it has none.</param>
/// <param name="ModelHash">The hash of its bytes.</param>
/// <param name="Kind">What drifted.</param>
/// <param name="Feature">Which feature; null where it is the score.</param>
/// <param name="Statistic">The cumulative sum, or the stability index.</param>
/// <param name="Limit">What it was above.</param>
/// <param name="Inference">The number of the inference in its pipeline, from 1.</param>
/// <param name="At">When, by the clock of the device.</param>
public sealed record DriftAlarm(
    string Model, long? Version, ModelHash ModelHash, DriftKind Kind, int? Feature, double Statistic, double Limit, long Inference, DateTimeOffset At)
{
    /// <summary>Alarms that wait to be taken; beyond that the oldest goes.</summary>
    internal const int WaitingMax = 256;
}

/// <summary>What drifted.</summary>
public enum DriftKind
{
    /// <summary>The score.</summary>
    Score,

    /// <summary>A feature.</summary>
    Input,
}
