using Edge.Sync.Tests.Storage;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Time.Testing;

namespace Edge.Sync.Tests.Hosting;

public class HealthTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Checks_of_a_container_bear_the_databases_names()
    {
        using var folder = new TempFolder();
        var collection = new ServiceCollection().AddLogging();
        collection.AddEdgeSync(o => o.Path = folder["a.db"]);
        collection.AddEdgeSync("telemetry", o => o.Path = folder["missing/b.db"]);
        collection.AddHealthChecks().AddEdgeSync().AddEdgeSync("telemetry", failureStatus: HealthStatus.Degraded);
        await using var services = collection.BuildServiceProvider();
        var report = await services.GetRequiredService<HealthCheckService>().CheckHealthAsync(Token);
        Assert.Equal(["edge-sync", "telemetry"], report.Entries.Keys.Order());
        Assert.Equal(HealthStatus.Healthy, report.Entries["edge-sync"].Status);
        Assert.Equal(HealthStatus.Degraded, report.Entries["telemetry"].Status);
        Assert.Contains("The folder of", report.Entries["telemetry"].Description, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Database_that_is_closed_is_unhealthy()
    {
        using var folder = new TempFolder();
        var db = await EdgeDatabase.OpenAsync(folder["a.db"], Token);
        Assert.Equal(HealthStatus.Healthy, (await CheckAsync(db)).Status);
        await db.DisposeAsync();
        var result = await CheckAsync(db);
        Assert.Equal((HealthStatus.Unhealthy, "The database is closed."), (result.Status, result.Description));
    }

    [Fact]
    public async Task Commit_that_failed_is_unhealthy_until_one_succeeds()
    {
        using var disk = new RootOnly.Mount("4m");
        await using var db = await EdgeDatabase.OpenAsync(disk["a.db"], Token);
        await db.Documents<Job>().AddAsync(new Job(), Token);
        await using (var ballast = File.Create(disk["ballast"]))
            try { while (true) await ballast.WriteAsync(new byte[64 << 10], Token); }
            catch (IOException) { /* it is full */ }
        await Assert.ThrowsAsync<EdgeStorageException>(async () => { while (true) await db.Documents<Job>().AddAsync(new Job { Title = new string('x', 100_000) }, Token); });
        var result = await CheckAsync(db, new() { FreeBytesMin = 0 });
        Assert.Equal(HealthStatus.Unhealthy, result.Status);
        Assert.Contains("The last commit failed", result.Description, StringComparison.Ordinal);
        File.Delete(disk["ballast"]);
        await db.Documents<Job>().AddAsync(new Job(), Token);
        Assert.Equal(HealthStatus.Healthy, (await CheckAsync(db, new() { FreeBytesMin = 0 })).Status);
    }

    [Fact]
    public async Task Sync_whose_links_are_all_faulted_is_degraded_with_the_reason()
    {
        using var folder = new TempFolder();
        await using var db = await EdgeDatabase.OpenAsync(folder["a.db"], Token);
        await using var stuck = db.StartSync(static s => s.Use(new StillTransport(LinkState.Faulted, "Port 7 is in use. Choose another.")));
        await Assert.ThrowsAsync<EdgeLinkException>(() => stuck.WhenReadyAsync(Token));
        var result = await CheckAsync(db);
        Assert.Equal((HealthStatus.Degraded, "Sync is stuck: Port 7 is in use. Choose another."), (result.Status, result.Description));
        await stuck.DisposeAsync();
        Assert.Equal(HealthStatus.Healthy, (await CheckAsync(db)).Status);
    }

    [Fact]
    public async Task Edits_that_nobody_acknowledges_for_too_long_are_degraded_and_time_counts_from_the_last_progress()
    {
        using var folder = new TempFolder();
        var clock = new FakeTimeProvider();
        var network = new InMemoryNetwork();
        await using var db = new EdgeDatabase(new() { Path = folder["a.db"], TimeProvider = clock });
        await using var peer = await EdgeDatabase.OpenAsync(folder["b.db"], Token);
        await using var sync = db.StartSync(s => s.UseInMemory(network, "a"));
        await using var peerSync = peer.StartSync(s => s.UseInMemory(network, "b"));
        await db.Documents<Job>().AddAsync(new Job(), Token);
        clock.Advance(TimeSpan.FromMinutes(59));
        await db.Documents<Job>().AddAsync(new Job(), Token); // does not make what waits any younger
        Assert.Equal(HealthStatus.Healthy, (await CheckAsync(db)).Status);
        clock.Advance(TimeSpan.FromMinutes(2));
        var result = await CheckAsync(db);
        Assert.Equal(HealthStatus.Degraded, result.Status);
        Assert.Contains("operations are unsent", result.Description, StringComparison.Ordinal);
        Assert.Equal(HealthStatus.Healthy, (await CheckAsync(db, new() { UnsentMax = Timeout.InfiniteTimeSpan })).Status);

        network.Connect("a", "b");
        await sync.WhenSentAsync(Token);
        Assert.Equal(HealthStatus.Healthy, (await CheckAsync(db)).Status);
        Assert.Null(db.GetStatus().UnsentSince);
    }

    [Fact]
    public async Task Medium_with_little_room_is_degraded()
    {
        using var folder = new TempFolder();
        await using var db = await EdgeDatabase.OpenAsync(folder["a.db"], Token);
        var result = await CheckAsync(db, new() { FreeBytesMin = long.MaxValue });
        Assert.Equal(HealthStatus.Degraded, result.Status);
        Assert.Contains("Make room", result.Description, StringComparison.Ordinal);
        Assert.True((long)result.Data["freeBytes"] > 0);
        Assert.Equal(HealthStatus.Healthy, (await CheckAsync(db, new() { FreeBytesMin = 0 })).Status);
    }

    private static Task<HealthCheckResult> CheckAsync(EdgeDatabase db, EdgeSyncHealthOptions? options = null) =>
        new EdgeSyncHealthCheck(db, options).CheckHealthAsync(new(), Token);
}
