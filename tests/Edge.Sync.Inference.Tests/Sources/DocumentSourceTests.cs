using Edge.Sync.Inference.Tests.Pipeline;

namespace Edge.Sync.Inference.Tests.Sources;

public sealed class DocumentSourceTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("edge-inference-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Document_is_judged_when_it_is_there_and_whenever_it_changes_and_no_other_with_it()
    {
        var cancellation = TestContext.Current.CancellationToken;
        await using var db = await EdgeDatabase.OpenAsync(Path.Combine(_folder, "a.db"), cancellation);
        await using var ai = EdgeInference.Create(db);
        var documents = db.Documents<PressAlarm>();
        var (one, two) = (DocumentId.Named("1"), DocumentId.Named("2"));
        var instant = 0;
        var judged = System.Threading.Channels.Channel.CreateUnbounded<string>();
        await documents.EditAsync(one, static d => d.Score = 1, cancellation);
        await documents.EditAsync(two, static d => d.Score = 2, cancellation);
        await using var pipeline = await ai.From(documents.Where(static d => d.Score < 100))
            .Sliding(static d => d.Id, _ => DateTimeOffset.UnixEpoch.AddSeconds(instant++), count: 1)
            .Values(1, static d => d.Score)
            .Model(ModelContent.FromFunction("echo", 1, 1, static (input, output) => output[0] = input[0]), ModelScore.FirstOutput)
            .Decide(static (in Inference<PressAlarm, DocumentId> r) => $"{r.Score}")
            .SendTo(judged.Writer)
            .BuildAsync(cancellation);
        var running = pipeline.RunAsync(cancellation);

        Assert.Equal(["1", "2"], new[] { await judged.Reader.ReadAsync(cancellation), await judged.Reader.ReadAsync(cancellation) }.Order());
        await documents.EditAsync(two, static d => d.Score = 5, cancellation);
        Assert.Equal("5", await judged.Reader.ReadAsync(cancellation));
        await documents.EditAsync(two, static d => d.Score = 100, cancellation);
        await documents.EditAsync(one, static d => d.Score = 6, cancellation);
        Assert.Equal("6", await judged.Reader.ReadAsync(cancellation));
        await pipeline.DisposeAsync();
        await running;
        Assert.Equal(4, pipeline.Metrics.Readings);
    }
}
