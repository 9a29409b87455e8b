using System.Diagnostics;
using System.Diagnostics.Metrics;
using Edge.Sync.Inference.Onnx;
using Edge.Sync.Inference.Tests.Models;

namespace Edge.Sync.Inference.Tests.Pipeline;

/// <summary>What is put around the model: batches, wrappers, observers, samples, explanations, traces.</summary>
public class DecoratorTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Batches_decide_what_single_rows_decide(bool waits)
    {
        for (var seed = 0; seed < 20; seed++)
        {
            var random = new Random(seed);
            var readings = Enumerable.Range(0, 300).Select(i => Reading.Of($"press-{random.Next(4)}", i, random.NextSingle())).ToList();
            var (single, _) = await RunAsync(readings, 1, waits);
            var (batched, metrics) = await RunAsync(readings, random.Next(2, 40), waits);

            Assert.NotEmpty(single);
            Assert.Equal(single, batched);
            Assert.Equal(metrics.Inferences, metrics.Decisions + metrics.Undecided);
        }

        static async Task<(List<Alarm> Alarms, InferenceMetrics Metrics)> RunAsync(List<Reading> readings, int batch, bool waits)
        {
            await using var ai = PipelineFixture.Create(o => o.UseOnnxRuntime());
            var sink = new MemorySink();
            await using var pipeline = await ai.Scored(waits ? PipelineFixture.Stream(readings) : Ready(readings), 3).Batch(batch).Above(0.7f).SaveTo(sink).BuildAsync(Cancellation);
            await pipeline.RunAsync(Cancellation);
            return (sink.Saved, pipeline.Metrics);
        }
    }

    [Fact]
    public async Task Failure_of_a_rule_in_a_batch_costs_that_row_alone()
    {
        await using var ai = PipelineFixture.Create();
        var sink = new MemorySink();
        await using var pipeline = await ai.Scored(Ready(Enumerable.Range(0, 20).Select(static i => Reading.Of("a", i))), 1).Batch(8)
            .Decide(static (in Inference<Reading, string> r) => r.Last.At.Second % 5 == 0 ? throw new InvalidDataException("rule") : new Alarm(r.Key, r.Last.At, 0))
            .SaveTo(sink)
            .BuildAsync(Cancellation);
        await pipeline.RunAsync(Cancellation);

        Assert.Equal((20, 16, 4), (pipeline.Metrics.Inferences, pipeline.Metrics.Decisions, pipeline.Metrics.Failed));
        Assert.Equal(Enumerable.Range(0, 20).Where(static i => i % 5 != 0), sink.Saved.Select(static a => a.At.Second));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(8)]
    public async Task Explanation_is_what_the_score_loses_without_each_feature(int batch)
    {
        // The score is 1·a - 2·b + 0·c, so the shares are known.
        var graph = new OnnxGraph("linear");
        graph.Output("y", graph.Gemm(graph.Input("x", 3), [1, -2, 0], [0f]));
        var explained = new List<(float Score, float[] Shares, int[] Top)>();
        await using var ai = PipelineFixture.Create();
        await using var pipeline = await ai.From(Ready(Enumerable.Range(1, 12).Select(static i => Reading.Of("a", i, i))))
            .Sliding(static r => r.Press, static r => r.At, count: 3)
            .Features(3, PipelineFixture.Values)
            .Model(graph.ToArray(), "linear", ModelScore.FirstOutput)
            .Batch(batch)
            .Above(float.MinValue)
            .Explain((Alarm alarm, in Explanation explanation) =>
            {
                Span<int> top = stackalloc int[4];
                explanation.Top(top);
                explained.Add((explanation.Score, explanation.Shares.ToArray(), top.ToArray()));
                return alarm with { Press = "explained" };
            })
            .SendTo((alarm, _, _) =>
            {
                Assert.Equal("explained", alarm.Press);
                return default;
            })
            .BuildAsync(Cancellation);
        await pipeline.RunAsync(Cancellation);

        Assert.Equal(10, explained.Count);
        for (var i = 0; i < explained.Count; i++)
        {
            var (a, b) = (i + 1, i + 2);
            Assert.Equal(a - 2 * b, explained[i].Score, 1e-4f);
            Assert.Equal(a, explained[i].Shares[0], 1e-4f);
            Assert.Equal(-2 * b, explained[i].Shares[1], 1e-4f);
            Assert.Equal(0, explained[i].Shares[2], 1e-4f);
            Assert.Equal([1, 0, 2, -1], explained[i].Top);
        }
    }

    [Fact]
    public async Task Wrappers_are_used_around_every_version_from_the_inside_out()
    {
        var log = new List<string>();
        await using var ai = PipelineFixture.Create();
        ai.Models.Serve(TestModels.Answering(1, version: 1, "m"));
        await using var pipeline = await ai.From(PipelineFixture.Stream()).Sliding(static r => r.Press, static r => r.At, count: 1)
            .Features(1, PipelineFixture.Values)
            .Model("m", ModelScore.FirstOutput)
            .Use(inner => new Logging(inner, "inner", log))
            .Use(inner => new Logging(inner, "outer", log))
            .Above(0)
            .BuildAsync(Cancellation);
        log.Clear();
        pipeline.TryInfer(Reading.Of("a", 1), out _);
        Assert.Equal(["outer", "inner"], log);
        ai.Models.Serve(TestModels.Answering(2, version: 2, "m"));
        Assert.Equal(2, log.Count(static line => line.StartsWith("disposed", StringComparison.Ordinal)));
        log.Clear();
        pipeline.TryInfer(Reading.Of("a", 2), out _);
        Assert.Equal(["outer", "inner"], log);
    }

    [Fact]
    public async Task Sample_is_of_the_share_and_the_same_each_time()
    {
        async Task<List<int>> RunAsync(double share, ulong seed)
        {
            var sampled = new List<int>();
            var seen = 0;
            await using var ai = PipelineFixture.Create();
            await using var pipeline = await ai.Scored(PipelineFixture.Stream(), 1)
                .Observe((in Inference<Reading, string> _) => seen++)
                .Sample(share, (in Inference<Reading, string> r) => sampled.Add((int)r.Last.At.ToUnixTimeSeconds()), seed)
                .Above(1)
                .BuildAsync(Cancellation);
            for (var i = 0; i < 10_000; i++)
                pipeline.TryInfer(Reading.Of("a", i), out _);
            Assert.Equal(10_000, seen);
            return sampled;
        }

        var some = await RunAsync(0.1, 1);
        Assert.InRange(some.Count, 900, 1_100);
        Assert.Equal(some, await RunAsync(0.1, 1));
        Assert.NotEqual(some, await RunAsync(0.1, 2));
        Assert.Empty(await RunAsync(0, 1));
        Assert.Equal(10_000, (await RunAsync(1, 1)).Count);
    }

    [Fact]
    public async Task Traces_and_counts_reach_who_listens()
    {
        var traced = new List<Activity>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = static source => source.Name == EdgeInferenceTelemetry.ActivitySourceName,
            Sample = static (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = activity =>
            {
                if (activity.GetTagItem("model") is "traced")
                    lock (traced)
                        traced.Add(activity);
            },
        };
        ActivitySource.AddActivityListener(listener);
        var measured = new Dictionary<string, double>();
        using var meter = new MeterListener
        {
            InstrumentPublished = static (instrument, listener) =>
            {
                if (instrument.Meter.Name == EdgeInferenceTelemetry.MeterName)
                    listener.EnableMeasurementEvents(instrument);
            },
        };
        void Count(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
        {
            foreach (var tag in tags)
                if (tag.Value is "traced")
                    lock (measured)
                        measured[instrument.Name] = measured.GetValueOrDefault(instrument.Name) + value;
        }
        meter.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Count(instrument, value, tags));
        meter.SetMeasurementEventCallback<double>((instrument, _, tags, _) => Count(instrument, 1, tags));
        meter.Start();

        await using var ai = PipelineFixture.Create(o => o.FallBackAfter = 1);
        ai.Models.Serve(TestModels.Answering(1, version: 1, "traced"));
        await using var pipeline = await ai.From(PipelineFixture.Stream(Reading.Of("a", 1), Reading.Of("a", 2, 7), Reading.Of("a", 3)))
            .Sliding(static r => r.Press, static r => r.At, count: 1)
            .Features(1, PipelineFixture.Values)
            .Model("traced", ModelScore.FirstOutput)
            .Above(0)
            .BuildAsync(Cancellation);
        ai.Models.Serve(ModelContent.FromFunction("traced", 1, 1, static (input, output) => output[0] = input[0] == 7 ? throw new InvalidDataException("seven") : 1, version: 2));
        await pipeline.RunAsync(Cancellation);

        Assert.Equal([2L, 2L, 1L], traced.Select(static activity => activity.GetTagItem("model.version")));
        Assert.Equal([ActivityStatusCode.Unset, ActivityStatusCode.Error, ActivityStatusCode.Unset], traced.Select(static activity => activity.Status));
        Assert.Equal(
            [("edge.inference.duration", 2), ("edge.inference.fallbacks", 1), ("edge.inference.faults", 1), ("edge.inference.swaps", 1)],
            measured.OrderBy(static m => m.Key, StringComparer.Ordinal).Select(static m => (m.Key, m.Value)));
    }

    [Fact]
    public async Task Health_check_says_what_the_pipelines_say()
    {
        await using var ai = PipelineFixture.Create();
        await using var pipeline = await ai.Scored(PipelineFixture.Stream(), 1).Above(0).BuildAsync(Cancellation);
        var check = new InferenceHealthCheck(ai.GetHealth);
        Assert.Equal(Microsoft.Extensions.Diagnostics.HealthChecks.HealthStatus.Healthy, (await check.CheckHealthAsync(new(), Cancellation)).Status);
        pipeline.TryInfer(Reading.Of("a", 1, float.NaN), out _);
        var result = await check.CheckHealthAsync(new(), Cancellation);
        Assert.Equal(Microsoft.Extensions.Diagnostics.HealthChecks.HealthStatus.Unhealthy, result.Status);
        Assert.Contains("zero: no inference has succeeded", result.Description, StringComparison.Ordinal);
    }

    // Always ready: what fills a batch.
    private static async IAsyncEnumerable<Reading> Ready(IEnumerable<Reading> readings)
    {
        await Task.CompletedTask;
        foreach (var reading in readings)
            yield return reading;
    }

    private sealed class Logging(IModelRunner inner, string name, List<string> log) : DelegatingModelRunner(inner)
    {
        public override void Run(int rows)
        {
            log.Add(name);
            Inner.Run(rows);
        }

        protected override void Dispose(bool disposing)
        {
            log.Add($"disposed {name}");
            base.Dispose(disposing);
        }
    }
}
