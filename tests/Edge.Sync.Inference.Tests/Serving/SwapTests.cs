using Edge.Sync.Inference.Onnx;
using Edge.Sync.Inference.Tests.Models;
using Edge.Sync.Inference.Tests.Pipeline;

namespace Edge.Sync.Inference.Tests.Serving;

public class SwapTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(1)]
    [InlineData(16)]
    public async Task Versions_change_under_load_without_a_reading_that_is_lost_or_judged_by_two(int batch)
    {
        const int Swaps = 300;
        await using var ai = PipelineFixture.Create(o => o.UseManaged());
        ai.Models.Serve(Version(1));
        var wrong = 0;
        await using var pipeline = await ai.From(PipelineFixture.Stream())
            .Sliding(static r => r.Press, static r => r.At, count: 3)
            .Features(3, PipelineFixture.Values)
            .Normalize()
            .Model("m", ModelScore.FirstOutput)
            .Batch(batch)
            .Decide((in Inference<Reading, string> r) =>
            {
                // Mean, weights and bias of version v all say v: a mixture of two would show.
                if (r.Output[0] != r.Model.Version || r.Features[0] != r.Window[0].Value - r.Model.Version)
                    Interlocked.Increment(ref wrong);
                return new Alarm(r.Key, r.Last.At, r.Model.Version!.Value);
            })
            .BuildAsync(Cancellation);

        using var stop = new CancellationTokenSource();
        var load = Task.Run(() =>
        {
            var (offered, decided, last, regressions) = (0, 0, 0f, 0);
            while (!stop.IsCancellationRequested)
            {
                if (pipeline.TryInfer(Reading.Of("a", offered++, 7), out var alarm))
                {
                    decided++;
                    regressions += alarm.Score < last ? 1 : 0;
                    last = alarm.Score;
                }
            }
            return (offered, decided, last, regressions);
        }, Cancellation);
        for (var version = 2; version <= Swaps + 1; version++)
        {
            var served = ai.Models.Serve(Version(version));
            Assert.Equal(version, served.Version);
            // Each version judges something before the next comes.
            var before = pipeline.Metrics.Inferences;
            SpinWait.SpinUntil(() => load.IsCompleted || pipeline.Metrics.Inferences > before);
        }
        await stop.CancelAsync();
        var (offered, decided, last, regressions) = await load;

        Assert.Equal((0, 0), (wrong, regressions));
        Assert.Equal(offered - 2, decided);
        Assert.Equal(Swaps + 1, last);
        Assert.Equal((Swaps, 0), (pipeline.Metrics.Swaps, pipeline.Metrics.Failed));
    }

    [Fact]
    public async Task Rows_that_wait_for_a_batch_outlive_the_version_that_they_came_under()
    {
        await using var ai = PipelineFixture.Create();
        var first = TestModels.Answering(1, version: 1, "m");
        ai.Models.Serve(first);
        var source = System.Threading.Channels.Channel.CreateUnbounded<Reading>();
        var sink = new MemorySink();
        await using var pipeline = await ai.From(Feed())
            .Sliding(static r => r.Press, static r => r.At, count: 1)
            .Features(1, PipelineFixture.Values)
            .Model("m", ModelScore.FirstOutput)
            .Batch(8)
            .Above(-1)
            .SaveTo(sink)
            .BuildAsync(Cancellation);
        await pipeline.RunAsync(Cancellation);

        Assert.Equal([2f, 2f, 2f], sink.Saved.Select(static a => a.Score));
        Assert.Equal([2, 2, 2], sink.Provenances.Select(static p => p.Version));

        // All ready at once, so that they wait for a batch; the swap comes in between.
        async IAsyncEnumerable<Reading> Feed()
        {
            await Task.CompletedTask;
            yield return Reading.Of("a", 1);
            yield return Reading.Of("a", 2);
            ai.Models.Serve(TestModels.Answering(2, version: 2, "m"));
            yield return Reading.Of("a", 3);
        }
    }

    [Fact]
    public async Task Rolling_back_serves_the_version_before()
    {
        await using var ai = PipelineFixture.Create();
        ai.Models.Serve(TestModels.Answering(1, version: 1, "m"));
        await using var pipeline = await Scored(ai).BuildAsync(Cancellation);
        Assert.Throws<InvalidOperationException>(() => ai.Models.RollBack("m"));
        ai.Models.Serve(TestModels.Answering(2, version: 2, "m"));
        pipeline.TryInfer(Reading.Of("a", 1), out var alarm);
        Assert.Equal(2, alarm!.Score);

        Assert.Equal(1, ai.Models.RollBack("m").Version);
        pipeline.TryInfer(Reading.Of("a", 2), out alarm);
        Assert.Equal(1, alarm!.Score);
        Assert.Throws<InvalidOperationException>(() => ai.Models.RollBack("m"));
    }

    public static TheoryData<string, ModelContent, string> Bad => new()
    {
        { "corrupt", ModelContent.FromBytes("m", new byte[] { 1, 2, 3, 4, 5 }), "damaged" },
        { "truncated", ModelContent.FromBytes("m", TestModels.Zero(1).AsMemory(0, 60)), "'m'" },
        { "empty", ModelContent.FromBytes("m", default), "empty" },
        { "missing", ModelContent.FromFile("nowhere/m.onnx"), "does not exist" },
        { "wrong shape", ModelContent.FromBytes("m", TestModels.Zero(5)), "takes 5 features and the pipeline makes 1" },
        { "no number", TestModels.Answering(float.NaN, version: 2, "m"), "no finite number" },
        { "infinite", TestModels.Answering(float.PositiveInfinity, version: 2, "m"), "no finite number" },
        { "throws", ModelContent.FromFunction("m", 1, 1, static (_, _) => throw new InvalidDataException("weights")), "weights" },
        { "too large", ModelContent.FromBytes("m", new byte[5_000]), nameof(EdgeInferenceOptions.ModelBytesMax) },
        { "too slow", ModelContent.FromFunction("m", 1, 1, static (_, _) => SpinWait.SpinUntil(static () => false, 30)), "the deadline of the pipeline" },
    };

    [Theory]
    [MemberData(nameof(Bad))]
    public async Task Bad_version_is_refused_with_its_name_and_cause_and_the_good_one_serves_on(string what, ModelContent bad, string cause)
    {
        await using var ai = PipelineFixture.Create(o => o.ModelBytesMax = 4_000);
        ai.Models.Serve(TestModels.Answering(1, version: 1, "m"));
        await using var pipeline = await Scored(ai, TimeSpan.FromMilliseconds(20)).BuildAsync(Cancellation);
        Assert.True(pipeline.TryInfer(Reading.Of("a", 1), out _));

        var error = Assert.Throws<EdgeModelException>(() => ai.Models.Serve(bad));
        Assert.Equal("m", error.Model);
        Assert.True(error.Message.Contains(cause, StringComparison.Ordinal), $"{what}: {error.Message}");

        Assert.True(pipeline.TryInfer(Reading.Of("a", 2), out var alarm));
        Assert.Equal(1, alarm.Score);
        Assert.Equal((1L, 0L), (ai.Models["m"].Current!.Version, pipeline.Metrics.Swaps));
        Assert.Equal((2, 2, 0), (pipeline.Metrics.Readings, pipeline.Metrics.Decisions, pipeline.Metrics.Failed));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Version_that_fails_once_it_serves_gives_way_to_the_last_good_one_and_every_frame_is_counted(bool throws)
    {
        await using var ai = PipelineFixture.Create(o => o.FallBackAfter = 3);
        ai.Models.Serve(TestModels.Answering(1, version: 1, "m"));
        await using var pipeline = await Scored(ai).BuildAsync(Cancellation);
        var bad = false;
        ai.Models.Serve(ModelContent.FromFunction("m", 1, 1, (_, output) => output[0] = !bad ? 2 : throws ? throw new InvalidDataException("weights") : float.NaN, version: 2));
        bad = true;

        var (errors, decided) = (0, 0);
        for (var i = 0; i < 10; i++)
            try
            {
                decided += pipeline.TryInfer(Reading.Of("a", i), out var alarm) && alarm.Score == 1 ? 1 : 0;
            }
            catch (EdgeModelException e)
            {
                Assert.Equal(("m", 2L), (e.Model, e.Version));
                errors++;
            }

        var m = pipeline.Metrics;
        Assert.Equal((throws ? 3 : 0, 7), (errors, decided));
        Assert.Equal((10, 7, throws ? 3 : 0, throws ? 0 : 3, 1), (m.Inferences, m.Decisions, m.Failed, m.NotFinite, m.Fallbacks));
        Assert.Equal(1, ai.Models["m"].Current!.Version);
        Assert.Equal(InferenceHealthState.Degraded, pipeline.GetHealth().State);
    }

    [Fact]
    public async Task Run_goes_on_after_faults_and_ends_when_nothing_else_comes()
    {
        await using var ai = PipelineFixture.Create(o => o.FaultsInARowMax = 5);
        ai.Models.Serve(TestModels.Answering(1, version: 1, "m"));
        await using var mixed = await Scored(ai, readings: Enumerable.Range(0, 20).Select(static i => Reading.Of("a", i)), decide: static second => second % 2 == 0 ? throw new InvalidDataException("rule") : true).BuildAsync(Cancellation);
        await mixed.RunAsync(Cancellation);
        Assert.Equal((20, 10, 10), (mixed.Metrics.Inferences, mixed.Metrics.Decisions, mixed.Metrics.Failed));
        Assert.IsType<InvalidDataException>(mixed.LastFault!.InnerException);
        Assert.Equal("m", mixed.LastFault.Model);

        await using var broken = await Scored(ai, readings: Enumerable.Range(0, 20).Select(static i => Reading.Of("a", i)), decide: static _ => throw new InvalidDataException("rule")).BuildAsync(Cancellation);
        await Assert.ThrowsAsync<EdgeModelException>(() => broken.RunAsync(Cancellation));
        Assert.Equal(5, broken.Metrics.Failed);
        Assert.Equal(InferenceHealthState.Unhealthy, broken.GetHealth().State);
    }

    [Fact]
    public async Task Model_that_nobody_has_served_yet_is_named()
    {
        await using var ai = PipelineFixture.Create();
        var error = await Assert.ThrowsAsync<EdgeModelException>(() => Scored(ai).BuildAsync(Cancellation));
        Assert.Contains("No version of the model 'm' is here", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Callback_that_calls_back_is_told_so()
    {
        await using var ai = PipelineFixture.Create();
        ai.Models.Serve(TestModels.Answering(1, version: 1, "m"));
        InferencePipeline<Reading, Alarm>? self = null;
        await using var pipeline = self = await Scored(ai, decide: _ => self!.TryInfer(Reading.Of("a", 9), out var _)).BuildAsync(Cancellation);
        Assert.IsType<InvalidOperationException>(Assert.Throws<EdgeModelException>(() => pipeline.TryInfer(Reading.Of("a", 1), out _)).InnerException);
        await using var swapping = await Scored(ai, decide: _ => ai.Models.Serve(TestModels.Answering(1, version: 2, "m")) is null).BuildAsync(Cancellation);
        Assert.IsType<InvalidOperationException>(Assert.Throws<EdgeModelException>(() => swapping.TryInfer(Reading.Of("a", 1), out _)).InnerException);
    }

    private static DecisionStage<Reading, string, Alarm> Scored(EdgeInference ai, TimeSpan? deadline = null, IEnumerable<Reading>? readings = null, Func<int, bool>? decide = null)
    {
        var stage = ai.From(PipelineFixture.Stream(readings ?? []))
            .Sliding(static r => r.Press, static r => r.At, count: 1)
            .Features(1, PipelineFixture.Values)
            .Model("m", ModelScore.FirstOutput);
        if (deadline is { } within)
            stage = stage.Within(within);
        return stage.Decide((in Inference<Reading, string> r) => decide?.Invoke((int)r.Last.At.ToUnixTimeSeconds()) == false ? null : new Alarm(r.Key, r.Last.At, r.Score));
    }

    private static ModelContent Version(int version)
    {
        var graph = new OnnxGraph("m", version);
        graph.Metadata(ModelMetadataKeys.Mean, [(float)version]);
        graph.Metadata(ModelMetadataKeys.Scale, "1");
        graph.Output("y", graph.Gemm(graph.Input("x", 3), new float[3], [version]));
        return ModelContent.FromBytes("m", graph.ToArray());
    }
}
