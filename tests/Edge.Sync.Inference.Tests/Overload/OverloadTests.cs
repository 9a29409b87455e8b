using System.Runtime.CompilerServices;
using Edge.Sync.Inference.Tests.Models;
using Edge.Sync.Inference.Tests.Pipeline;

namespace Edge.Sync.Inference.Tests.Overload;

public class OverloadTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(ShedPolicy.DropOldest)]
    [InlineData(ShedPolicy.DropNewest)]
    public async Task At_many_times_what_can_be_done_every_reading_is_done_shed_or_expired(ShedPolicy policy)
    {
        const int Offered = 200_000;
        await using var ai = PipelineFixture.Create();
        // About 20 µs a reading, and readings as fast as a loop gives them: far more than ten times too many.
        await using var pipeline = await ai.From(Flood(Offered, Cancellation))
            .Sliding(static r => r.Press, static r => r.At, count: 1)
            .Features(1, PipelineFixture.Values)
            .Model(TestModels.Busy(TimeSpan.FromMicroseconds(20)))
            .Within(TimeSpan.FromMilliseconds(5), policy, capacity: 64)
            .Above(-1)
            .SaveTo(new MemorySink())
            .BuildAsync(Cancellation);
        await pipeline.RunAsync(Cancellation);

        var m = pipeline.Metrics;
        Assert.Equal((Offered, 0), (m.Offered, m.Queued));
        Assert.Equal(m.Offered, m.Done + m.Shed + m.Expired);
        Assert.Equal(m.Readings, m.Done + m.Expired);
        Assert.Equal(m.Inferences, m.Decisions + m.Undecided + m.NotFinite + m.Failed);
        Assert.Equal(m.Done, m.Inferences);
        Assert.True(m.Shed > Offered / 2, $"only {m.Shed} were shed: the queue did not fill");
        Assert.True(m.Done > 0);
    }

    [Fact]
    public async Task Policy_that_waits_sheds_nothing()
    {
        await using var ai = PipelineFixture.Create();
        await using var pipeline = await ai.From(Flood(5_000, Cancellation))
            .Sliding(static r => r.Press, static r => r.At, count: 1)
            .Features(1, PipelineFixture.Values)
            .Model(TestModels.Zero(1), "zero")
            .Within(TimeSpan.FromMinutes(1), ShedPolicy.Wait, capacity: 8)
            .Above(1)
            .BuildAsync(Cancellation);
        await pipeline.RunAsync(Cancellation);

        Assert.Equal((5_000, 0, 0, 5_000), (pipeline.Metrics.Offered, pipeline.Metrics.Shed, pipeline.Metrics.Expired, pipeline.Metrics.Done));
    }

    [Fact]
    public async Task Reading_that_is_too_late_enters_its_window_and_is_not_judged()
    {
        await using var ai = PipelineFixture.Create(o => o.TimeProvider = new LeapingClock());
        await using var pipeline = await ai.From(Flood(10, Cancellation))
            .Sliding(static r => r.Press, static r => r.At, count: 2)
            .Features(2, PipelineFixture.Values)
            .Model(TestModels.Zero(2), "zero")
            .Within(TimeSpan.FromSeconds(2))
            .Above(-1)
            .BuildAsync(Cancellation);
        LeapingClock.Step = TimeSpan.FromSeconds(3);
        await pipeline.RunAsync(Cancellation);
        LeapingClock.Step = TimeSpan.Zero;

        var m = pipeline.Metrics;
        Assert.Equal((10, 10, 0, 9, 0), (m.Offered, m.Expired, m.Done, m.Skipped, m.Inferences));
        // The window is whole all the same: the next reading by hand is judged.
        Assert.True(pipeline.TryInfer(Reading.Of("a", 11), out _));
    }

    [Fact]
    public async Task Error_of_the_source_ends_the_run_after_what_came_before_it()
    {
        await using var ai = PipelineFixture.Create();
        await using var pipeline = await ai.From(Failing())
            .Sliding(static r => r.Press, static r => r.At, count: 1)
            .Features(1, PipelineFixture.Values)
            .Model(TestModels.Zero(1), "zero")
            .Within(TimeSpan.FromMinutes(1))
            .Above(-1)
            .BuildAsync(Cancellation);

        Assert.Equal("line cut", (await Assert.ThrowsAsync<IOException>(() => pipeline.RunAsync(Cancellation))).Message);
        Assert.Equal((2, 2), (pipeline.Metrics.Offered, pipeline.Metrics.Decisions));

        static async IAsyncEnumerable<Reading> Failing()
        {
            yield return Reading.Of("a", 1);
            yield return Reading.Of("a", 2);
            await Task.Yield();
            throw new IOException("line cut");
        }
    }

    [Fact]
    public async Task Model_that_cannot_keep_the_deadline_is_refused_with_both_times()
    {
        await using var ai = PipelineFixture.Create();
        var stage = ai.From(PipelineFixture.Stream())
            .Sliding(static r => r.Press, static r => r.At, count: 1)
            .Features(1, PipelineFixture.Values)
            .Model(TestModels.Busy(TimeSpan.FromMilliseconds(3)))
            .Within(TimeSpan.FromMilliseconds(1))
            .Above(-1);
        var error = await Assert.ThrowsAsync<EdgeModelException>(() => stage.BuildAsync(Cancellation));
        Assert.Equal("busy", error.Model);
        Assert.Contains("the deadline of the pipeline is 1 ms", error.Message, StringComparison.Ordinal);
    }

    private static async IAsyncEnumerable<Reading> Flood(int count, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await Task.CompletedTask;
        for (var i = 0; i < count && !cancellationToken.IsCancellationRequested; i++)
            yield return Reading.Of("a", i);
    }

    /// <summary>Goes on by one step whenever it is read.</summary>
    private sealed class LeapingClock : TimeProvider
    {
        private long _now;

        public static TimeSpan Step { get; set; }

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => Interlocked.Add(ref _now, Step.Ticks);
    }
}
