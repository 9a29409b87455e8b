using Edge.Sync.Telemetry;
using Edge.Sync.Tests.Docs;
using Edge.Sync.Tests.Hosting;

namespace Edge.Sync.Tests.Telemetry;

[Collection("Telemetry")]
public class MeterTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Commits_changes_and_bytes_are_counted_on_both_sides()
    {
        using var folder = new TempFolder();
        using var heard = new Listening("meter-main");
        var network = new InMemoryNetwork();
        network.Connect("a", "b");
        await using var db = new EdgeDatabase(new() { Path = folder["a.db"], Name = "meter-main" });
        await db.Documents<Job>().AddAsync(new Job { Title = "one" }, Token);
        await db.Documents<Job>().AddAsync(new Job { Title = "two" }, Token);
        Assert.Equal(2, heard["edge.sync.changes.written"]);
        Assert.Equal(0, heard["edge.sync.changes.applied"]);
        Assert.True(heard["edge.sync.commits"] >= 2);
        Assert.True(heard["edge.sync.commit.duration"] > 0);

        await using var peer = new EdgeDatabase(new() { Path = folder["b.db"], Name = "meter-main" });
        await using var sync = db.StartSync(s => s.UseInMemory(network, "a"));
        await using var peerSync = peer.StartSync(s => s.UseInMemory(network, "b"));
        await sync.WhenSentAsync(Token);
        Assert.Equal((2, 2), (heard["edge.sync.changes.written"], heard["edge.sync.changes.applied"]));
        await peer.DisposeAsync(); // both report under one name: only the first is asked now
        heard.Observe();
        Assert.Equal(db.GetStatus().BytesSent, heard["edge.sync.bytes.sent"]);
        Assert.True(heard["edge.sync.bytes.received"] > 0);
        await sync.DisposeAsync();
        heard.Observe();
        Assert.True(heard["edge.sync.bytes.sent"] > 0); // a counter does not fall
    }

    [Fact]
    public async Task Gauges_tell_links_unsent_waiting_and_storage_and_end_with_the_database()
    {
        using var folder = new TempFolder();
        using var heard = new Listening("meter-gauges");
        await using var db = new EdgeDatabase(new() { Path = folder["a.db"], Name = "meter-gauges" });
        await using var sync = db.StartSync(static s => s.Use(new StillTransport(LinkState.Listening)));
        await sync.WhenReadyAsync(Token);
        await db.Documents<Job>().AddAsync(new Job { Title = "one" }, Token);
        heard.Observe();
        Assert.Equal((1, 0), (heard["edge.sync.links[listening]"], heard["edge.sync.links[faulted]"]));
        Assert.Equal(db.GetStatus().Unsent, heard["edge.sync.unsent"]);
        Assert.True(heard["edge.sync.unsent"] > 0);
        Assert.True(heard.Has("edge.sync.waiting") && heard.Has("edge.sync.edits.pending"));
        Assert.Equal(new FileInfo(folder["a.db"]).Length, heard["edge.sync.storage.size[file]"]);
        Assert.False(heard.Has("edge.sync.storage.size[log]"));
        var report = await db.GetStorageAsync(Token);
        heard.Observe();
        Assert.Equal(report.LogBytes, heard["edge.sync.storage.size[log]"]);

        await db.DisposeAsync();
        using var after = new Listening("meter-gauges");
        after.Observe();
        Assert.False(after.Has("edge.sync.unsent"));
    }

    [Fact]
    public async Task Host_reads_the_storage_while_somebody_measures_it()
    {
        using var folder = new TempFolder();
        using var heard = new Listening("meter-host");
        using var host = HostTests.HostOf(services => Microsoft.Extensions.DependencyInjection.EdgeSyncServiceCollectionExtensions.AddEdgeSync(services, "meter-host", o => o.Path = folder["a.db"]));
        await host.StartAsync(Token);
        for (; !heard.Has("edge.sync.storage.size[log]"); heard.Observe())
            await Task.Yield();
        await host.StopAsync(Token);
    }

    [Fact]
    public void Nobody_listening_costs_no_allocation()
    {
        var telemetry = new DatabaseTelemetry("nobody", TimeProvider.System, null)
        {
            Status = static () => throw new InvalidOperationException(),
            Traffic = static () => throw new InvalidOperationException(),
            Waiting = static () => throw new InvalidOperationException(),
            Pending = static () => throw new InvalidOperationException(),
            Storage = static () => throw new InvalidOperationException(),
        };
        long allocated = 0;
        for (var round = 0; round < 2; round++) // the first one warms up
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var i = 0; i < 1000; i++)
            {
                using var activity = telemetry.Start("edit");
                telemetry.OnCommitted(telemetry.StartCommit(), 1, 1);
            }
            allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        }
        Assert.Equal(0, allocated);
    }

    [Fact]
    public void Page_names_each_instrument_with_its_unit()
    {
        using var heard = new Listening("meter-page");
        System.Runtime.CompilerServices.RuntimeHelpers.RunClassConstructor(typeof(DatabaseInstruments).TypeHandle);
        var page = File.ReadAllText(Path.Combine(SnippetTests.RepositoryRoot(), "docs", "hosting.md"));
        Assert.Equal(12, heard.Instruments.Count);
        foreach (var (name, instrument) in heard.Instruments)
            Assert.Contains($"| `{name}` | `{instrument.Unit}` |", page, StringComparison.Ordinal);
    }
}
