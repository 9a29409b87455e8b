namespace Edge.Sync.Inference.Tests.Pipeline;

public class WindowOrderTests
{
    private const int Count = 4;
    private const float Threshold = 0.6f;

    [Fact]
    public async Task Decisions_do_not_depend_on_the_order_of_arrival_within_the_allowed_lateness()
    {
        for (var seed = 0; seed < 40; seed++)
        {
            var random = new Random(seed);
            var lateness = random.Next(0, 20);
            var readings = Readings(random).DistinctBy(r => (r.Press, r.At)).OrderBy(r => r.At).ToList();
            var (expected, _) = SlowPipeline.Run(readings, Count, TimeSpan.Zero, Threshold);
            Assert.NotEmpty(expected);

            for (var order = 0; order < 3; order++)
            {
                var arrivals = readings.OrderBy(r => r.At.AddSeconds(random.Next(0, lateness + 1))).ToList();
                var (alarms, metrics) = await RunAsync(arrivals, TimeSpan.FromSeconds(lateness));

                Assert.Equal(Sorted(expected), Sorted(alarms));
                Assert.Equal(0, metrics.Late);
            }
        }
    }

    [Fact]
    public async Task Pipeline_agrees_with_the_slow_model_on_any_arrivals()
    {
        for (var seed = 0; seed < 60; seed++)
        {
            var random = new Random(seed);
            var lateness = TimeSpan.FromSeconds(random.Next(0, 30));
            var arrivals = Readings(random).OrderBy(r => r.At.AddSeconds(random.Next(0, 60))).ToList();

            var (alarms, metrics) = await RunAsync(arrivals, lateness);
            var (expectedAlarms, expectedMetrics) = SlowPipeline.Run(arrivals, Count, lateness, Threshold);

            Assert.Equal(Sorted(expectedAlarms), Sorted(alarms));
            Assert.Equal(expectedMetrics, metrics with { LatencyP50 = default, LatencyP99 = default, LatencyMax = default });
        }
    }

    [Fact]
    public async Task Alarms_of_one_key_come_in_the_order_of_their_instants()
    {
        var random = new Random(3);
        var arrivals = Readings(random).OrderBy(r => r.At.AddSeconds(random.Next(0, 20))).ToList();
        var (alarms, _) = await RunAsync(arrivals, TimeSpan.FromSeconds(20));

        foreach (var ofKey in alarms.GroupBy(a => a.Press))
            Assert.Equal(ofKey.OrderBy(a => a.At), ofKey);
    }

    private static List<Reading> Readings(Random random) =>
        [.. Enumerable.Range(0, 150).Select(_ => Reading.Of($"press-{random.Next(3)}", random.Next(0, 120), random.NextSingle()))];

    private static List<Alarm> Sorted(IEnumerable<Alarm> alarms) => [.. alarms.OrderBy(a => a.Press, StringComparer.Ordinal).ThenBy(a => a.At)];

    private static async Task<(List<Alarm> Alarms, InferenceMetrics Metrics)> RunAsync(List<Reading> arrivals, TimeSpan lateness)
    {
        await using var ai = PipelineFixture.Create();
        var sink = new MemorySink();
        await using var pipeline = await ai.Scored(PipelineFixture.Stream(arrivals), Count, lateness).Above(Threshold).SaveTo(sink).BuildAsync(TestContext.Current.CancellationToken);
        await pipeline.RunAsync(TestContext.Current.CancellationToken);
        return (sink.Saved, pipeline.Metrics);
    }
}
