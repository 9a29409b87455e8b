using Edge.Sync.Tests.Database;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Edge.Sync.Tests.Hosting;

public class HostTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Host_opens_the_database_and_makes_its_tables_as_it_starts()
    {
        using var folder = new TempFolder();
        using var host = HostOf(services => services.AddEdgeSync(o => o.Path = folder["a.db"]).AddDocument<Job>());
        await host.StartAsync(Token);
        await using (var sql = new SqliteConnection($"Data Source={folder["a.db"]};Mode=ReadOnly;Pooling=False"))
        {
            await sql.OpenAsync(Token);
            await using var command = sql.CreateCommand();
            command.CommandText = "SELECT count(*) FROM job";
            Assert.Equal(0L, await command.ExecuteScalarAsync(Token));
        }
        await host.StopAsync(Token);
    }

    [Fact]
    public async Task Host_does_not_start_where_the_file_cannot_be_opened()
    {
        using var folder = new TempFolder();
        await using var first = await EdgeDatabase.OpenAsync(folder["a.db"], Token);
        using var host = HostOf(services => services.AddEdgeSync(o => o.Path = folder["a.db"]));
        var error = await Assert.ThrowsAsync<EdgeStorageException>(() => host.StartAsync(Token));
        Assert.Equal(EdgeErrorCode.StorageLocked, error.Code);
    }

    [Fact]
    public async Task Host_syncs_from_its_start_to_its_stop()
    {
        using var folder = new TempFolder();
        var network = new InMemoryNetwork();
        network.Connect("alice", "bob");
        await using var bob = await EdgeDatabase.OpenAsync(folder["bob.db"], Token);
        await using var sync = bob.StartSync(s => s.UseInMemory(network, "bob"));
        var still = new StillTransport(LinkState.Listening);
        using var host = HostOf(services => services.AddEdgeSync(o => o.Path = folder["alice.db"]).AddSync(s => s.UseInMemory(network, "alice")).AddSync(s => s.Use(still)));
        await host.StartAsync(Token);
        var alice = host.Services.GetRequiredService<EdgeDatabase>();
        await bob.Documents<Job>().AddAsync(new Job { Title = "from bob" }, Token);
        await foreach (var jobs in alice.Documents<Job>().WatchAsync(Token))
            if (jobs.Count == 1) break;
        await host.StopAsync(Token);
        Assert.True(still.Stopped.IsCompleted);
        Assert.Empty(alice.GetStatus().Links);
        Assert.Equal(1, await alice.Documents<Job>().CountAsync(Token)); // the container disposes it, not the stop
    }

    [Fact]
    public async Task Network_that_does_not_work_does_not_keep_a_host_from_starting()
    {
        using var folder = new TempFolder();
        using var host = HostOf(services => services.AddEdgeSync(o => o.Path = folder["a.db"]).AddSync(static s => s.Use(new StillTransport(LinkState.Faulted, "no such port"))));
        await host.StartAsync(Token);
        await host.StopAsync(Token);
    }

    public static TheoryData<string> Orders() => ["hld", "hdl", "lhd", "ldh", "dhl", "dlh"];

    [Theory]
    [MemberData(nameof(Orders))]
    public async Task Host_live_list_and_database_end_in_any_order(string order)
    {
        using var folder = new TempFolder();
        using var host = HostOf(services => services.AddEdgeSync(o => o.Path = folder["a.db"]).AddDocument<Job>().AddSync(static s => s.Use(new StillTransport(LinkState.Listening))));
        await host.StartAsync(Token);
        var db = host.Services.GetRequiredService<EdgeDatabase>();
        var edit = db.Documents<Job>().AddAsync(new Job { Title = "x" }, Token);
        var live = db.Documents<Job>().ToLiveList();
        await edit;
        foreach (var step in order)
            await (step switch { 'h' => new(host.StopAsync(Token)), 'l' => live.DisposeAsync(), _ => db.DisposeAsync() });
        await ((IAsyncDisposable)host).DisposeAsync();
        await using var again = await EdgeDatabase.OpenAsync(folder["a.db"], Token);
        Assert.Equal("x", (await again.Documents<Job>().ToListAsync(Token)).Single().Title);
    }

    internal static IHost HostOf(Action<IServiceCollection> configure)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        configure(builder.Services);
        return builder.Build();
    }
}
