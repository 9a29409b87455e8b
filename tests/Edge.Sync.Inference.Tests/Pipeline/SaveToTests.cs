namespace Edge.Sync.Inference.Tests.Pipeline;

public sealed class SaveToTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("edge-inference-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Decisions_become_documents_that_outlive_the_process()
    {
        var path = Path.Combine(_folder, "press.db");
        var cancellation = TestContext.Current.CancellationToken;
        await using (var db = await EdgeDatabase.OpenAsync(path, cancellation))
        await using (var ai = EdgeInference.Create(db))
        await using (var health = await ai.From(PipelineFixture.Stream(Enumerable.Range(0, 10).Select(static i => Reading.Of("press-3", i, i))))
            .Sliding(key: static r => r.Press, at: static r => r.At, count: 2, allowedLateness: TimeSpan.FromSeconds(1))
            .Features(2, PipelineFixture.Values)
            .Model(Models.TestModels.Zero(2), "zero")
            .Decide(static (in Inference<Reading, string> r) => r.Score > 6 ? new Alarm(r.Key, r.Last.At, r.Score) : null)
            .SaveTo(db.Documents<PressAlarm>(), static a => DocumentId.Named($"{a.Press}/{a.At:O}"), static (doc, a) => (doc.Press, doc.Score) = (a.Press, a.Score))
            .BuildAsync(cancellation))
        {
            await health.RunAsync(cancellation);
        }

        await using var again = await EdgeDatabase.OpenAsync(path, cancellation);
        var alarms = await again.Documents<PressAlarm>().OrderBy(a => a.Score).ToListAsync(cancellation);
        // Windows (6,7), (7,8), (8,9): the root mean squares above 6.
        Assert.Equal([6.519f, 7.517f, 8.515f], alarms.Select(a => MathF.Round(a.Score, 3)));
        Assert.All(alarms, static a => Assert.Equal("press-3", a.Press));
    }
}

[EdgeDocument("press-alarm")]
public partial class PressAlarm
{
    public partial string Press { get; set; }
    public partial float Score { get; set; }
}
