namespace Edge.Sync.Inference.Tests.Pipeline;

public class TryInferTests
{
    [Fact]
    public async Task Decision_is_made_of_the_window_that_ends_at_the_reading()
    {
        await using var ai = PipelineFixture.Create();
        await using var pipeline = await ai.Scored(PipelineFixture.Stream(), count: 2).Decide(static (in Inference<Reading, string> r) =>
        {
            Assert.Equal(r.Window[^1], r.Last);
            Assert.Equal([r.Window[0].Value, r.Window[1].Value], r.Features.ToArray());
            Assert.Equal([0, 0], r.Output.ToArray());
            return r.Score > 1 ? new Alarm(r.Key, r.Last.At, r.Score) : null;
        }).BuildAsync(TestContext.Current.CancellationToken);

        Assert.False(pipeline.TryInfer(Reading.Of("a", 1, 3), out var decision));
        Assert.Null(decision);
        Assert.True(pipeline.TryInfer(Reading.Of("a", 2, 4), out decision));
        Assert.Equal(("a", 3.5355f), (decision.Press, MathF.Round(decision.Score, 4)));
        Assert.Equal(DateTimeOffset.UnixEpoch.AddSeconds(2), decision.At);
    }

    [Fact]
    public async Task Keys_do_not_share_a_window()
    {
        await using var ai = PipelineFixture.Create();
        await using var pipeline = await ai.Scored(PipelineFixture.Stream(), count: 2).Above(-1).BuildAsync(TestContext.Current.CancellationToken);

        Assert.False(pipeline.TryInfer(Reading.Of("a", 1), out _));
        Assert.False(pipeline.TryInfer(Reading.Of("b", 2), out _));
        Assert.True(pipeline.TryInfer(Reading.Of("a", 3), out _));
        Assert.Equal(2, pipeline.Metrics.WindowNotFull);
    }

    [Fact]
    public async Task Why_there_was_no_decision_is_counted()
    {
        await using var ai = PipelineFixture.Create(o => o.KeysMax = 1);
        await using var pipeline = await ai.Scored(PipelineFixture.Stream(), count: 2).Above(1).BuildAsync(TestContext.Current.CancellationToken);

        foreach (var reading in new[]
        {
            Reading.Of("a", 10), Reading.Of("a", 11), Reading.Of("a", 11), Reading.Of("a", 10), Reading.Of("b", 12), Reading.Of("a", 13, float.NaN),
        })
            Assert.False(pipeline.TryInfer(reading, out _));

        var metrics = pipeline.Metrics;
        Assert.Equal(
            new InferenceMetrics { Readings = 6, WindowNotFull = 1, Undecided = 1, Duplicates = 1, Late = 1, OverKeyLimit = 1, NotFinite = 1, Inferences = 2 },
            metrics with { LatencyP50 = default, LatencyP99 = default, LatencyMax = default });
    }

    [Fact]
    public async Task Reading_that_lets_several_go_gives_the_oldest_decision_and_keeps_the_others()
    {
        await using var ai = PipelineFixture.Create();
        await using var pipeline = await ai.Scored(PipelineFixture.Stream(), count: 1, TimeSpan.FromSeconds(10)).Above(-1).BuildAsync(TestContext.Current.CancellationToken);

        Assert.False(pipeline.TryInfer(Reading.Of("a", 2), out _));
        Assert.False(pipeline.TryInfer(Reading.Of("a", 1), out _));
        Assert.Equal(2, pipeline.Metrics.HeldBack);
        Assert.True(pipeline.TryInfer(Reading.Of("a", 15), out var decision));
        Assert.Equal(1, decision.At.ToUnixTimeSeconds());
        Assert.True(pipeline.TryTake(out decision));
        Assert.Equal(2, decision.At.ToUnixTimeSeconds());
        Assert.False(pipeline.TryTake(out _));

        pipeline.Flush();
        Assert.True(pipeline.TryTake(out decision));
        Assert.Equal(15, decision.At.ToUnixTimeSeconds());
    }

    [Fact]
    public async Task Hot_path_allocates_nothing()
    {
        const int Calls = 100_000;
        var alarm = new Alarm("a", default, 0);
        await using var ai = PipelineFixture.Create();
        await using var pipeline = await ai.From(PipelineFixture.Stream())
            .Sliding(key: static r => r.Press, at: static r => r.At, count: 24, TimeSpan.FromSeconds(3))
            .Features(24, PipelineFixture.Values)
            .Normalize(0.5f, 0.3f)
            .Model(Models.TestModels.Zero(24), "zero")
            .Decide((in Inference<Reading, string> r) => r.Last.Value > 0.5f ? alarm : null)
            .BuildAsync(TestContext.Current.CancellationToken);
        var second = 0;

        Run(1_000);
        var before = GC.GetAllocatedBytesForCurrentThread();
        var decisions = Run(Calls);
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        Assert.Equal(0, allocated);
        Assert.Equal(Calls / 2, decisions);
        Assert.Equal(0, pipeline.Metrics.Late);

        // Every second pair arrives swapped, so that the buffer works too.
        int Run(int calls)
        {
            var made = 0;
            for (var i = 0; i < calls; i++, second++)
            {
                var at = second % 4 == 1 ? second + 1 : second % 4 == 2 ? second - 1 : second;
                if (pipeline.TryInfer(Reading.Of("a", at, at % 2), out _))
                    made++;
            }
            return made;
        }
    }

    [Fact]
    public async Task Latencies_are_measured_by_the_given_clock()
    {
        await using var ai = PipelineFixture.Create(o => o.TimeProvider = new SteppingClock());
        await using var pipeline = await ai.Scored(PipelineFixture.Stream(), count: 1).Above(-1).BuildAsync(TestContext.Current.CancellationToken);
        for (var i = 0; i < 100; i++)
            pipeline.TryInfer(Reading.Of("a", i), out _);

        var metrics = pipeline.Metrics;
        Assert.Equal(SteppingClock.Step, metrics.LatencyMax);
        Assert.InRange(metrics.LatencyP50, SteppingClock.Step * 0.98, SteppingClock.Step);
        Assert.InRange(metrics.LatencyP99, metrics.LatencyP50, metrics.LatencyMax);
    }

    [Fact]
    public async Task Callback_that_throws_leaves_the_pipeline_usable()
    {
        await using var ai = PipelineFixture.Create();
        var fail = true;
        await using var pipeline = await ai.Scored(PipelineFixture.Stream(), count: 2).Decide((in Inference<Reading, string> r) =>
            fail ? throw new InvalidDataException("rule") : new Alarm(r.Key, r.Last.At, r.Score)).BuildAsync(TestContext.Current.CancellationToken);
        pipeline.TryInfer(Reading.Of("a", 1, 3), out _);
        var error = Assert.Throws<EdgeModelException>(() => pipeline.TryInfer(Reading.Of("a", 2, 4), out _));
        Assert.IsType<InvalidDataException>(error.InnerException);
        Assert.Equal("zero", error.Model);
        Assert.Equal((1, 1, 0), (pipeline.Metrics.Inferences, pipeline.Metrics.Failed, pipeline.Metrics.Decisions));
        fail = false;

        Assert.True(pipeline.TryInfer(Reading.Of("a", 3, 3), out var decision));
        Assert.Equal(3.5355f, MathF.Round(decision.Score, 4));
    }

    [Fact]
    public async Task Several_threads_lose_no_reading()
    {
        await using var ai = PipelineFixture.Create();
        await using var pipeline = await ai.Scored(PipelineFixture.Stream(), count: 3).Above(-1).BuildAsync(TestContext.Current.CancellationToken);
        var decisions = 0;
        await Task.WhenAll(Enumerable.Range(0, 4).Select(thread => Task.Run(() =>
        {
            for (var i = 0; i < 2_000; i++)
                if (pipeline.TryInfer(Reading.Of($"press-{thread}", i), out _))
                    Interlocked.Increment(ref decisions);
        })));

        Assert.Equal(4 * 1_998, decisions);
        Assert.Equal((4 * 2_000, 4 * 1_998), (pipeline.Metrics.Readings, pipeline.Metrics.Decisions));
    }

    /// <summary>Goes on by one step whenever it is read.</summary>
    private sealed class SteppingClock : TimeProvider
    {
        public static readonly TimeSpan Step = TimeSpan.FromMilliseconds(3);
        private long _now;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => _now += Step.Ticks;
    }
}
