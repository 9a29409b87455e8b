using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace Edge.Sync.AspNetCore.Tests;

public class HubSyncTests
{
    private static readonly DocumentId s_pump = DocumentId.Named("pump-7");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Two_devices_converge_through_a_hub()
    {
        using var folder = new TempFolder();
        await using var hub = await TestHub.StartAsync(folder["hub.db"]);
        await using var alice = await EdgeDatabase.OpenAsync(folder["alice.db"], Token);
        await using var bob = await EdgeDatabase.OpenAsync(folder["bob.db"], Token);
        foreach (var (device, name) in new[] { (alice, "alice"), (bob, "bob") })
        {
            await device.Documents<Job>().EditAsync(s_pump, job =>
            {
                job.Minutes.Add(30);
                job.Notes.Append($"{name} was here. ");
            }, Token);
            device.StartSync(s => s.UseWebSocket(hub.Address));
        }
        foreach (var database in new[] { alice, bob, hub.Database })
        {
            var job = (await database.UntilJobsAsync(static jobs => jobs is [{ Minutes.Value: 60 }])).Single();
            Assert.Contains("alice was here. ", job.Notes.Value, StringComparison.Ordinal);
            Assert.Contains("bob was here. ", job.Notes.Value, StringComparison.Ordinal);
        }
        Assert.Equal(await alice.GetStateHashAsync(Token), await bob.GetStateHashAsync(Token));
        Assert.Equal(LinkState.Connected, alice.GetStatus().State);
        Assert.Equal(["websocket-listen:/sync", "websocket-listen:/sync#1", "websocket-listen:/sync#2"], hub.Database.GetStatus().Links.Select(static link => link.Link));
    }

    [Fact]
    public async Task Further_databases_have_paths_of_their_own()
    {
        using var folder = new TempFolder();
        await using var hub = await TestHub.StartAsync(services =>
        {
            services.AddEdgeSync(o => o.Path = folder["hub.db"]);
            services.AddEdgeSync("telemetry", o => o.Path = folder["telemetry.db"]);
        }, app =>
        {
            app.MapEdgeSync("/sync");
            app.MapEdgeSync("/sync/telemetry", "telemetry");
        });
        await using var device = await EdgeDatabase.OpenAsync(new EdgeDatabaseOptions { Path = folder["device.db"], Name = "telemetry" }, Token);
        await device.Documents<Job>().AddAsync(new Job { Title = "pump" }, Token);
        var wrong = device.StartSync(s => s.UseWebSocket(hub.Address));
        var refused = await device.UntilLinkAsync(LinkState.Faulted);
        Assert.Equal(EdgeErrorCode.OtherDatabase, refused.Code);
        await wrong.DisposeAsync();
        device.StartSync(s => s.UseWebSocket(hub.AddressOf("/sync/telemetry")));
        await hub.Services.GetRequiredKeyedService<EdgeDatabase>("telemetry").UntilJobsAsync(static jobs => jobs.Count == 1);
        Assert.Equal(0, await hub.Database.Documents<Job>().CountAsync(Token));
    }

    [Fact]
    public async Task A_hub_that_stops_says_so_and_its_devices_come_back_when_it_does()
    {
        using var folder = new TempFolder();
        var hub = await TestHub.StartAsync(folder["hub.db"]);
        await using var device = await EdgeDatabase.OpenAsync(folder["device.db"], Token);
        device.StartSync(s => s.UseWebSocket(hub.Address));
        await device.Documents<Job>().AddAsync(new Job { Title = "1 before" }, Token);
        await hub.Database.UntilJobsAsync(static jobs => jobs.Count == 1);
        await using (hub) await hub.StopAsync();
        await device.UntilStatusAsync(static status => status.State == LinkState.Connecting);
        await device.Documents<Job>().AddAsync(new Job { Title = "2 while it was away" }, Token);

        await using var again = await TestHub.StartAsync(folder["hub.db"], hub.Port);
        var jobs = await again.Database.UntilJobsAsync(static jobs => jobs.Count == 2);
        Assert.Equal(["1 before", "2 while it was away"], jobs.Select(static job => job.Title));
        await device.UntilStatusAsync(static status => status is { State: LinkState.Connected, Unsent: 0 });
    }

    [Fact]
    public async Task Connections_that_are_cut_in_the_middle_lose_nothing_and_double_nothing()
    {
        using var folder = new TempFolder();
        await using var hub = await TestHub.StartAsync(folder["hub.db"]);
        await using var proxy = new CuttingProxy(hub.Port, bytesMax: 60_000);
        await using var device = await EdgeDatabase.OpenAsync(folder["device.db"], Token);
        const int count = 200;
        var noise = new Random(7);
        for (var i = 0; i < count; i++)
        {
            // Bytes that compression could not make small.
            var text = Convert.ToBase64String(Enumerable.Range(0, 1500).Select(_ => (byte)noise.Next(256)).ToArray());
            await device.Documents<Job>().EditAsync(s_pump, job =>
            {
                job.Minutes.Add(1);
                job.Title = text;
            }, Token);
        }
        device.StartSync(s => s.UseWebSocket(new Uri($"ws://127.0.0.1:{proxy.Port}/sync")));
        // 400 kB through connections of 60 kB each.
        await hub.Database.UntilStatusAsync(_ => proxy.Cuts >= 3);
        proxy.Heal();
        await hub.Database.UntilJobsAsync(static jobs => jobs is [{ Minutes.Value: count }]);
        Assert.Equal(await device.GetStateHashAsync(Token), await hub.Database.GetStateHashAsync(Token));
    }
}
