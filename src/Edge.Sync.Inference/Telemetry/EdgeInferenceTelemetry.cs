namespace Edge.Sync.Inference;

/// <summary>What to subscribe to: <c>AddMeter(EdgeInferenceTelemetry.MeterName)</c>, <c>AddSource(EdgeInferenceTelemetry.ActivitySourceName)</c>.</summary>
public static class EdgeInferenceTelemetry
{
    /// <summary>
    /// The meter: <c>edge.inference.duration</c> (s), and counts of <c>shed</c>, <c>expired</c>, <c>faults</c>, <c>swaps</c>, <c>fallbacks</c> and <c>drift</c>, all by model.
    /// </summary>
    public const string MeterName = "Edge.Sync.Inference";

    /// <summary>The traces: one <c>infer</c> for each run of a model. No inputs and no scores are in them.</summary>
    public const string ActivitySourceName = "Edge.Sync.Inference";
}
