using System.Diagnostics;
using System.Diagnostics.Metrics;
using Edge.Sync.Inference.Serving;

namespace Edge.Sync.Inference.Telemetry;

/// <summary>The instruments of this package, and its traces. Nobody listening costs a check.</summary>
internal static class InferenceTelemetry
{
    private static readonly ActivitySource s_source = new(EdgeInferenceTelemetry.ActivitySourceName);
    private static readonly Meter s_meter = new(EdgeInferenceTelemetry.MeterName);
    private static readonly Histogram<double> s_duration = s_meter.CreateHistogram<double>("edge.inference.duration", "s", "From a reading's arrival to its verdict.");
    private static readonly Counter<long> s_shed = s_meter.CreateCounter<long>("edge.inference.shed", "{reading}", "Readings that gave way to others.");
    private static readonly Counter<long> s_expired = s_meter.CreateCounter<long>("edge.inference.expired", "{reading}", "Readings that could not be judged in time.");
    private static readonly Counter<long> s_faults = s_meter.CreateCounter<long>("edge.inference.faults", "{reading}", "Readings that ended in an error.");
    private static readonly Counter<long> s_swaps = s_meter.CreateCounter<long>("edge.inference.swaps", "{swap}", "Versions that took the place of others.");
    private static readonly Counter<long> s_fallbacks = s_meter.CreateCounter<long>("edge.inference.fallbacks", "{swap}", "Returns to the last good version.");
    private static readonly Counter<long> s_drift = s_meter.CreateCounter<long>("edge.inference.drift", "{alarm}", "Alarms about drift.");

    /// <summary>A trace of one run of the model; null where nobody listens.</summary>
    public static Activity? Start(ServedModel model, int rows)
    {
        if (!s_source.HasListeners() || s_source.StartActivity("infer") is not { } activity)
            return null;
        activity.SetTag("model", model.Name);
        activity.SetTag("model.version", model.Version);
        activity.SetTag("model.hash", model.Hash.ToString());
        activity.SetTag("place", model.Place);
        activity.SetTag("rows", rows);
        return activity;
    }

    public static void Record(ServedModel model, TimeSpan taken)
    {
        if (s_duration.Enabled)
            s_duration.Record(taken.TotalSeconds, Tag(model.Name));
    }

    public static void CountSwap(ServedModel model, SwapReason reason)
    {
        switch (reason)
        {
            case SwapReason.Swap:
                s_swaps.Add(1, Tag(model.Name));
                break;
            case SwapReason.FallBack:
                s_fallbacks.Add(1, Tag(model.Name));
                break;
        }
    }

    public static void CountDrift(ServedModel model) => s_drift.Add(1, Tag(model.Name));

    public static void CountFault(string model) => s_faults.Add(1, Tag(model));

    public static void CountShed(string model, long count)
    {
        if (count > 0)
            s_shed.Add(count, Tag(model));
    }

    public static void CountExpired(string model) => s_expired.Add(1, Tag(model));

    private static KeyValuePair<string, object?> Tag(string model) => new("model", model);
}
