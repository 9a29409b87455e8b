using Edge.Sync.Inference;
using FactoryFloor.Sensing;

namespace FactoryFloor.Detection;

/// <summary>The way from a reading to an alarm, the same for every press.</summary>
internal static class HealthPipeline
{
    public static DecisionStage<Reading, string, AlarmDraft> Of(EdgeInference ai, IAsyncEnumerable<Reading> readings, SensorFeatures features, byte[] model, DecisionLatency latency)
    {
        var rule = new AlarmRule();
        return ai.From(readings)
            .Sliding(key: static r => r.Press, at: static r => r.At, count: features.WindowCount)
            .Features(features.Count, features.Extract)
            .Normalize()
            .Model(model, "press")
            .Decide((in Inference<Reading, string> r) =>
            {
                var alarm = rule.Next(r.Key, r.Last.At, r.Score);
                latency.Record(r.Last);
                return alarm;
            });
    }
}
