using Edge.Sync.Inference.Tests.Pipeline;

namespace Edge.Sync.Inference.Tests.Sources;

[EdgeSeries("vibration")]
public readonly partial record struct Vibration(string Press, DateTimeOffset At, float Value);

public sealed class SeriesSourceTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("edge-inference-").FullName;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Every_point_appended_from_the_run_on_is_judged_once_and_in_order(bool isQueued)
    {
        await using var db = await EdgeDatabase.OpenAsync(Path.Combine(_folder, "a.db"), Token);
        await using var ai = EdgeInference.Create(db);
        var readings = db.Series<Vibration>();
        await readings.AppendAsync(At(0), Token);
        var judged = System.Threading.Channels.Channel.CreateUnbounded<string>();
        var decided = ai.From(readings)
            .Sliding(static v => v.Press, static v => v.At, count: 1)
            .Values(1, static v => v.Value)
            .Model(ModelContent.FromFunction("echo", 1, 1, static (input, output) => output[0] = input[0]), ModelScore.FirstOutput);
        if (isQueued) decided = decided.Within(TimeSpan.FromMinutes(5), ShedPolicy.DropOldest);
        await using var pipeline = await decided.Decide(static (in Inference<Vibration, string> r) => $"{r.Score}").SendTo(judged.Writer).BuildAsync(Token);
        await readings.AppendAsync(At(1), Token);

        var running = pipeline.RunAsync(Token);
        var appended = Enumerable.Range(2, 300).Select(At).ToArray();
        for (var i = 0; i < appended.Length; i += 30)
            await readings.AppendAsync(appended.AsMemory(i, 30), Token);
        foreach (var point in appended)
            Assert.Equal($"{point.Value}", await judged.Reader.ReadAsync(Token));
        // The run ends with its database, quietly.
        await db.DisposeAsync();
        await running;
        Assert.Equal((300, false), (pipeline.Metrics.Readings, judged.Reader.TryRead(out _)));
    }

    [Fact]
    public async Task Model_that_fails_for_good_ends_the_run_and_not_the_series()
    {
        await using var db = await EdgeDatabase.OpenAsync(Path.Combine(_folder, "a.db"), Token);
        await using var ai = EdgeInference.Create(db, static o => o.FaultsInARowMax = 3);
        var readings = db.Series<Vibration>();
        await using var pipeline = await ai.From(readings)
            .Sliding(static v => v.Press, static v => v.At, count: 1)
            .Values(1, static v => v.Value)
            .Model(ModelContent.FromFunction("fails", 1, 1, static (input, _) =>
            {
                if (input[0] > 3) throw new InvalidOperationException("no");
            }), ModelScore.FirstOutput)
            .Decide(static (in Inference<Vibration, string> r) => "")
            .BuildAsync(Token);
        var running = pipeline.RunAsync(Token);
        await readings.AppendAsync(Enumerable.Range(1, 10).Select(At).ToArray(), Token);
        await Assert.ThrowsAsync<EdgeModelException>(() => running);
        await readings.AppendAsync(At(11), Token);
        Assert.Equal(11, await readings.CountAsync(Token));
    }

    private static Vibration At(int second) => new("press-3", DateTimeOffset.UnixEpoch.AddSeconds(second), second);
}
