namespace Edge.Sync.Inference;

/// <summary>An alarm about drift as an event, so that whoever trains the model hears of it: <c>db.Events&lt;ModelDrifted&gt;()</c>, with subscriptions and projections as for any event. Written by runs; each version of a model has a stream.</summary>
/// <param name="Model">The model.</param>
/// <param name="Version">Its version; null where it has none.</param>
/// <param name="ModelHash">The hash of its bytes, in hexadecimal digits.</param>
/// <param name="Kind">What drifted.</param>
/// <param name="Feature">Which feature; null where it is the score.</param>
/// <param name="Statistic">The cumulative sum, or the stability index.</param>
/// <param name="Limit">What it was above.</param>
/// <param name="Inference">The number of the inference in its pipeline, from 1.</param>
/// <param name="At">When, by the clock of the device.</param>
[EdgeEvent("inference-drift")]
public sealed partial record ModelDrifted(
    string Model, long? Version, string ModelHash, DriftKind Kind, int? Feature, double Statistic, double Limit, long Inference, DateTimeOffset At)
{
    internal static ModelDrifted Of(DriftAlarm alarm) =>
        new(alarm.Model, alarm.Version, alarm.ModelHash.ToString(), alarm.Kind, alarm.Feature, alarm.Statistic, alarm.Limit, alarm.Inference, alarm.At);

    /// <returns>Null where it is none: what another replica wrote need not be well formed.</returns>
    internal DriftAlarm? ToAlarm() =>
        Edge.Sync.Inference.ModelHash.TryParse(ModelHash, out var hash) && Enum.IsDefined(Kind) ? new(Model, Version, hash, Kind, Feature, Statistic, Limit, Inference, At) : null;
}
