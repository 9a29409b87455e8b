using FactoryFloor.Detection;
using FactoryFloor.Sensing;

namespace Edge.Sync.Inference.Tests.Samples;

/// <summary>Runs the sample's pipeline over a plant, without databases.</summary>
internal static class PlantWatch
{
    public static async Task<(List<AlarmDraft> Alarms, long Insights, InferenceMetrics Metrics)> RunAsync(IPlant plant)
    {
        await using var ai = Pipeline.PipelineFixture.Create();
        await using var pipeline = await HealthPipeline.Of(ai, AsyncEnumerable.Empty<Reading>(), plant.Features, plant.Model, new DecisionLatency()).BuildAsync(TestContext.Current.CancellationToken);
        var alarms = new Dictionary<DocumentId, AlarmDraft>();
        var insights = 0L;
        foreach (var press in plant.Presses)
            foreach (var reading in press)
                if (pipeline.TryInfer(reading, out var alarm))
                {
                    alarms[alarm.Id] = alarm;
                    insights++;
                }
        return ([.. alarms.Values], insights, pipeline.Metrics);
    }
}
