using Edge.Sync.Inference.Tests.Models;
using Edge.Sync.Inference.Tests.Pipeline;

namespace Edge.Sync.Inference.Tests.Serving;

public class UnloadTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Idle_model_is_unloaded_and_loaded_again_by_the_next_reading_and_nothing_ticks_in_between()
    {
        var clock = new ManualClock();
        await using var ai = PipelineFixture.Create(o => (o.TimeProvider, o.UnloadAfter) = (clock, TimeSpan.FromMinutes(5)));
        await using var pipeline = await ai.Scored(PipelineFixture.Stream(), count: 2).Above(-1).BuildAsync(Cancellation);
        pipeline.TryInfer(Reading.Of("a", 1), out _);
        clock.Advance(TimeSpan.FromMinutes(4));
        Assert.True(pipeline.TryInfer(Reading.Of("a", 2), out _));

        // Asked a minute ago, so four are left.
        clock.Advance(TimeSpan.FromMinutes(1));
        Assert.True(pipeline.Model.IsLoaded);
        clock.Advance(TimeSpan.FromMinutes(4));
        Assert.False(pipeline.Model.IsLoaded);
        Assert.Equal(0, clock.Armed);
        clock.Advance(TimeSpan.FromDays(1));
        Assert.Equal(0, clock.Armed);

        // The window is kept: one reading is enough.
        Assert.True(pipeline.TryInfer(Reading.Of("a", 3), out _));
        Assert.True(pipeline.Model.IsLoaded);
        Assert.Equal(1, clock.Armed);
        Assert.Equal((1, 1, 0), (pipeline.Metrics.Unloads, pipeline.Metrics.Reloads, pipeline.Metrics.Failed));
    }

    [Fact]
    public async Task Run_while_the_model_is_unloaded_time_after_time_never_fails()
    {
        var clock = new ManualClock();
        await using var ai = PipelineFixture.Create(o => (o.TimeProvider, o.UnloadAfter) = (clock, TimeSpan.FromSeconds(1)));
        await using var pipeline = await ai.Scored(PipelineFixture.Stream(), count: 1).Above(-1).BuildAsync(Cancellation);
        using var stop = new CancellationTokenSource();
        var load = Task.Run(() =>
        {
            var offered = 0;
            while (!stop.IsCancellationRequested)
                Assert.True(pipeline.TryInfer(Reading.Of("a", offered++), out _));
            return offered;
        }, Cancellation);
        for (var i = 0; i < 200; i++)
        {
            clock.Advance(TimeSpan.FromSeconds(2));
            var before = pipeline.Metrics.Readings;
            SpinWait.SpinUntil(() => load.IsCompleted || pipeline.Metrics.Readings > before);
        }
        await stop.CancelAsync();

        Assert.Equal(await load, pipeline.Metrics.Decisions);
        Assert.True(pipeline.Metrics.Unloads > 0);
        Assert.Equal(0, pipeline.Metrics.Failed);
    }

    [Fact]
    public async Task Models_together_stay_within_the_budget_by_unloading_the_one_that_was_idle_longest()
    {
        var clock = new ManualClock();
        var (bytes, content) = (0L, ModelContent.FromBytes("probe", TestModels.Zero(100)));
        await using (var probe = PipelineFixture.Create())
            bytes = probe.Models.Serve(content).MemoryBytes;
        await using var ai = PipelineFixture.Create(o => (o.TimeProvider, o.MemoryBudget) = (clock, 2 * bytes));
        var pipelines = new List<InferencePipeline<Reading, Alarm>>();
        foreach (var name in new[] { "a", "b", "c" })
        {
            clock.Advance(TimeSpan.FromSeconds(1));
            ai.Models.Serve(ModelContent.FromBytes(name, TestModels.Zero(100)));
            pipelines.Add(await ai.From(PipelineFixture.Stream()).Sliding(static r => r.Press, static r => r.At, count: 1)
                .Features(100, PipelineFixture.Values).Model(name).Above(-1).BuildAsync(Cancellation));
        }
        Assert.Equal([false, true, true], ai.Models.ToList().Select(static slot => slot.IsLoaded));

        clock.Advance(TimeSpan.FromSeconds(1));
        Assert.True(pipelines[0].TryInfer(Reading.Of("x", 1), out _));
        Assert.Equal([true, false, true], ai.Models.ToList().Select(static slot => slot.IsLoaded));

        var error = Assert.Throws<EdgeModelException>(() => ai.Models.Serve(ModelContent.FromBytes("d", TestModels.Zero(1_000))));
        Assert.Contains(nameof(EdgeInferenceOptions.MemoryBudget), error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Model_that_cannot_be_loaded_again_costs_readings_that_are_counted_until_it_can()
    {
        var clock = new ManualClock();
        var path = Path.GetTempFileName();
        try
        {
            File.WriteAllBytes(path, TestModels.Zero(1));
            await using var ai = PipelineFixture.Create(o => (o.TimeProvider, o.UnloadAfter) = (clock, TimeSpan.FromSeconds(1)));
            await using var pipeline = await ai.From(PipelineFixture.Stream()).Sliding(static r => r.Press, static r => r.At, count: 1)
                .Features(1, PipelineFixture.Values).Model(ModelContent.FromFile(path, "m")).Above(-1).BuildAsync(Cancellation);
            clock.Advance(TimeSpan.FromSeconds(2));
            File.WriteAllBytes(path, []);
            Assert.Contains("empty", Assert.Throws<EdgeModelException>(() => pipeline.TryInfer(Reading.Of("a", 1), out _)).Message, StringComparison.Ordinal);
            Assert.Equal((1, 1, 1), (pipeline.Metrics.Readings, pipeline.Metrics.Inferences, pipeline.Metrics.Failed));

            File.WriteAllBytes(path, TestModels.Zero(1));
            Assert.True(pipeline.TryInfer(Reading.Of("a", 2), out _));
        }
        finally
        {
            File.Delete(path);
        }
    }

    /// <summary>Time that stands until it is moved; it runs what is due while it moves.</summary>
    private sealed class ManualClock : TimeProvider
    {
        private readonly List<Timer> _timers = [];
        private long _now;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public int Armed => _timers.Count(static timer => timer.Due >= 0);

        public override long GetTimestamp() => Interlocked.Read(ref _now);

        public void Advance(TimeSpan by)
        {
            var to = GetTimestamp() + by.Ticks;
            while (_timers.Where(timer => timer.Due >= 0 && timer.Due <= to).MinBy(static timer => timer.Due) is { } next)
            {
                Interlocked.Exchange(ref _now, next.Due);
                next.Fire();
            }
            Interlocked.Exchange(ref _now, to);
        }

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            var timer = new Timer(this, () => callback(state));
            _timers.Add(timer);
            timer.Change(dueTime, period);
            return timer;
        }

        private sealed class Timer(ManualClock clock, Action callback) : ITimer
        {
            public long Due { get; private set; } = -1;

            public bool Change(TimeSpan dueTime, TimeSpan period)
            {
                Due = dueTime == Timeout.InfiniteTimeSpan ? -1 : clock.GetTimestamp() + dueTime.Ticks;
                return true;
            }

            public void Fire()
            {
                Due = -1;
                callback();
            }

            public void Dispose() => Due = -1;

            public ValueTask DisposeAsync()
            {
                Dispose();
                return default;
            }
        }
    }
}
