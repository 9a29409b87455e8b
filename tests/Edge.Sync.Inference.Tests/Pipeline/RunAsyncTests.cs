namespace Edge.Sync.Inference.Tests.Pipeline;

public class RunAsyncTests
{
    private static readonly Reading[] s_three = [Reading.Of("a", 1), Reading.Of("a", 2), Reading.Of("a", 3)];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_decision_of_the_source_is_saved_and_nothing_is_held_back_at_its_end()
    {
        await using var ai = PipelineFixture.Create();
        var sink = new MemorySink();
        await using var pipeline = await ai.Scored(PipelineFixture.Stream(s_three), count: 1, TimeSpan.FromDays(1)).Above(-1).SaveTo(sink).BuildAsync(Cancellation);
        await pipeline.RunAsync(Cancellation);

        Assert.Equal(s_three.Select(r => r.At), sink.Saved.Select(a => a.At));
        Assert.Equal(0, pipeline.Metrics.HeldBack);
    }

    [Fact]
    public async Task Channel_is_read_to_its_end()
    {
        var channel = System.Threading.Channels.Channel.CreateBounded<Reading>(10);
        foreach (var reading in s_three)
            await channel.Writer.WriteAsync(reading, Cancellation);
        channel.Writer.Complete();
        await using var ai = PipelineFixture.Create();
        await using var pipeline = await ai.From(channel.Reader)
            .Sliding(static r => r.Press, static r => r.At, count: 1)
            .Features(1, PipelineFixture.Values)
            .Model(Models.TestModels.Zero(1), "zero")
            .Above(-1)
            .BuildAsync(Cancellation);
        await pipeline.RunAsync(Cancellation);

        Assert.Equal(3, pipeline.Metrics.Decisions);
    }

    [Fact]
    public async Task Decision_that_could_not_be_saved_is_saved_first_by_the_next_run()
    {
        await using var ai = PipelineFixture.Create();
        var sink = new MemorySink(failures: 1);
        await using var pipeline = await ai.Scored(PipelineFixture.Stream(s_three), count: 1).Above(-1).SaveTo(sink).BuildAsync(Cancellation);

        Assert.Equal("no room", (await Assert.ThrowsAsync<IOException>(() => pipeline.RunAsync(Cancellation))).Message);
        Assert.Empty(sink.Saved);
        // The source begins anew, so its first reading is a duplicate: what is saved for it is the kept decision.
        await pipeline.RunAsync(Cancellation);
        Assert.Equal(s_three.Select(r => r.At), sink.Saved.Select(a => a.At));
        Assert.Equal(1, pipeline.Metrics.Duplicates);
    }

    [Fact]
    public async Task Second_run_at_the_same_time_is_refused()
    {
        await using var ai = PipelineFixture.Create();
        var started = new TaskCompletionSource();
        await using var pipeline = await ai.Scored(PipelineFixture.Endless(started, Cancellation), count: 1).Above(1).BuildAsync(Cancellation);
        var run = pipeline.RunAsync(Cancellation);
        await started.Task;

        await Assert.ThrowsAsync<InvalidOperationException>(() => pipeline.RunAsync(Cancellation));
        await pipeline.DisposeAsync();
        await run;
    }

    [Fact]
    public async Task Cancelled_token_ends_a_run_with_that_error()
    {
        await using var ai = PipelineFixture.Create();
        var started = new TaskCompletionSource();
        await using var pipeline = await ai.Scored(PipelineFixture.Endless(started, Cancellation), count: 1).Above(1).BuildAsync(Cancellation);
        using var stop = new CancellationTokenSource();
        var run = pipeline.RunAsync(stop.Token);
        await started.Task;
        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run);
    }

    [Fact]
    public async Task Disposing_the_owner_ends_a_run_quietly_and_unloads()
    {
        var ai = PipelineFixture.Create();
        var started = new TaskCompletionSource();
        var pipeline = await ai.Scored(PipelineFixture.Endless(started, Cancellation), count: 1).Above(1).BuildAsync(Cancellation);
        var run = pipeline.RunAsync(Cancellation);
        await started.Task;
        await ai.DisposeAsync();

        await run;
        Assert.Throws<ObjectDisposedException>(() => pipeline.TryInfer(s_three[0], out _));
        await Assert.ThrowsAsync<ObjectDisposedException>(() => pipeline.RunAsync(Cancellation));
        await Assert.ThrowsAsync<ObjectDisposedException>(() => ai.Scored(PipelineFixture.Stream(), count: 1).Above(1).BuildAsync(Cancellation));
        Assert.Equal(0, pipeline.Metrics.Readings);
        await pipeline.DisposeAsync();
    }
}
