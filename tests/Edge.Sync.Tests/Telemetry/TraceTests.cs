using System.Collections.Concurrent;
using System.Diagnostics;

namespace Edge.Sync.Tests.Telemetry;

[Collection("Telemetry")]
public class TraceTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Edits_and_batches_of_peers_are_traced_without_what_they_hold()
    {
        using var folder = new TempFolder();
        var ended = new ConcurrentQueue<Activity>();
        var applied = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var listener = new ActivityListener
        {
            ShouldListenTo = static source => source.Name == EdgeSyncTelemetry.ActivitySourceName,
            Sample = static (ref _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = activity =>
            {
                if ((string?)activity.GetTagItem("database") != "trace-main") return;
                ended.Enqueue(activity);
                if (activity.OperationName == "apply") applied.TrySetResult();
            },
        };
        ActivitySource.AddActivityListener(listener);
        var network = new InMemoryNetwork();
        network.Connect("a", "b");
        await using var db = new EdgeDatabase(new() { Path = folder["a.db"], Name = "trace-main" });
        await using var peer = new EdgeDatabase(new() { Path = folder["b.db"], Name = "trace-main" });
        await db.Documents<Job>().AddAsync(new Job { Title = "a secret" }, Token);
        var edit = Assert.Single(ended);
        Assert.Equal("edit", edit.OperationName);
        await foreach (var entry in db.History())
            Assert.Equal(edit.TraceId, entry.Trace.TraceId); // the change says in which trace it was made

        await using var sync = db.StartSync(s => s.UseInMemory(network, "a"));
        await using var peerSync = peer.StartSync(s => s.UseInMemory(network, "b"));
        await sync.WhenSentAsync(Token);
        await applied.Task.WaitAsync(Token);
        var page = File.ReadAllText(Path.Combine(Docs.SnippetTests.RepositoryRoot(), "docs", "hosting.md"));
        Assert.All(ended, activity => Assert.Contains($"`{activity.OperationName}`", page, StringComparison.Ordinal));
        Assert.DoesNotContain(ended, static activity => activity.TagObjects.Any(static tag => tag.Value?.ToString()?.Contains("secret", StringComparison.Ordinal) == true));
    }
}
