using Edge.Sync.Inference;
using FactoryFloor.Sensing;

namespace FactoryFloor.Detection;

/// <summary>The way from a reading to an alarm, the same for every press.</summary>
internal static class HealthPipeline
{
    /// <param name="ai">Where the model's slot is: rollouts put further versions there.</param>
    /// <param name="readings">What the sensors say.</param>
    /// <param name="features">What the model sees of it.</param>
    /// <param name="model">The version that the press begins with.</param>
    /// <param name="latency">Gets how long each decision took.</param>
    /// <param name="trace">Gets the scores; null where nobody draws them.</param>
    public static DecisionStage<Reading, string, AlarmDraft> Of(EdgeInference ai, IAsyncEnumerable<Reading> readings, SensorFeatures features, byte[] model, DecisionLatency latency, ScoreTrace? trace = null)
    {
        var rule = new AlarmRule();
        ai.Models.Serve(ModelContent.FromBytes(Floor.Press.ModelName, model, version: 1));
        return ai.From(readings)
            .Sliding(key: static r => r.Press, at: static r => r.At, count: features.WindowCount)
            .Features(features.Count, features.Extract)
            .Normalize()
            .Model(Floor.Press.ModelName)
            .Observe((in Inference<Reading, string> r) => trace?.Record(r.Last.At, r.Score))
            .Decide((in Inference<Reading, string> r) =>
            {
                var alarm = rule.Next(r.Key, r.Last.At, r.Score);
                latency.Record(r.Last);
                return alarm;
            });
    }
}
