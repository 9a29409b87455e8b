using System.Security.Claims;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace Edge.Sync.AspNetCore.Tests;

public class HubAuthorizationTests
{
    private static readonly Claim s_device = new("device", "van-1");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("/sync", null, EdgeErrorCode.LinkUnauthenticated, "AccessToken")]
    [InlineData("/sync", "unknown", EdgeErrorCode.LinkUnauthenticated, "401")]
    [InlineData("/sync", "guest", EdgeErrorCode.LinkForbidden, "permission")]
    [InlineData("/elsewhere", "van", EdgeErrorCode.LinkNotFound, "MapEdgeSync")]
    public async Task A_device_that_is_not_let_in_reads_why_in_its_status(string path, string? token, EdgeErrorCode code, string reason)
    {
        using var folder = new TempFolder();
        await using var hub = await StartAsync(folder, NewTickets());
        await using var device = await EdgeDatabase.OpenAsync(folder["device.db"], Token);
        await using var sync = device.StartSync(s => s.UseWebSocket(hub.AddressOf(path), o => o.AccessToken = _ => new(token)));
        var link = await device.UntilLinkAsync(LinkState.Faulted);
        Assert.Equal((code, hub.AddressOf(path).ToString()), (link.Code, link.Link));
        Assert.Contains(reason, link.Reason, StringComparison.Ordinal);
        Assert.Equal(code, (await Assert.ThrowsAsync<EdgeLinkException>(() => sync.WhenReadyAsync(Token))).Code);
    }

    [Fact]
    public async Task A_device_that_gets_a_token_later_comes_in_then()
    {
        using var folder = new TempFolder();
        await using var hub = await StartAsync(folder, NewTickets());
        var clock = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        await using var device = await EdgeDatabase.OpenAsync(new EdgeDatabaseOptions { Path = folder["device.db"], TimeProvider = clock }, Token);
        var token = "";
        device.StartSync(s => s.UseWebSocket(hub.Address, o => o.AccessToken = _ => new(Volatile.Read(ref token))));
        await device.Documents<Job>().AddAsync(new Job { Title = "written before" }, Token);
        await device.UntilLinkAsync(LinkState.Faulted);
        Volatile.Write(ref token, "van");
        clock.Advance(TimeSpan.FromSeconds(31));
        await hub.Database.UntilJobsAsync(static jobs => jobs.Count == 1);
    }

    [Fact]
    public async Task A_token_that_cannot_be_had_is_a_state_of_the_link()
    {
        using var folder = new TempFolder();
        await using var hub = await StartAsync(folder, NewTickets());
        await using var device = await EdgeDatabase.OpenAsync(folder["device.db"], Token);
        device.StartSync(s => s.UseWebSocket(hub.Address, o => o.AccessToken = _ => throw new InvalidOperationException("the vault is closed")));
        await device.UntilLinkAsync(LinkState.Faulted, "the vault is closed");
    }

    [Fact]
    public async Task A_session_ends_with_the_ticket_that_let_it_in_and_a_fresh_one_goes_on()
    {
        using var folder = new TempFolder();
        var clock = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        var tickets = NewTickets();
        tickets.Add("short", clock.GetUtcNow().AddSeconds(5), s_device);
        await using var hub = await StartAsync(folder, tickets, clock);
        await using var device = await EdgeDatabase.OpenAsync(folder["device.db"], Token);
        var tokens = new Queue<string>(["short", "unknown", "van"]);
        device.StartSync(s => s.UseWebSocket(hub.Address, o => o.AccessToken = _ => new(tokens.Dequeue())));
        await device.Documents<Job>().AddAsync(new Job { Title = "1" }, Token);
        await hub.Database.UntilJobsAsync(static jobs => jobs.Count == 1);
        clock.Advance(TimeSpan.FromSeconds(4));
        Assert.Equal(LinkState.Connected, device.GetStatus().State);
        clock.Advance(TimeSpan.FromSeconds(2));
        await hub.Database.UntilLinkAsync(LinkState.Listening, "has expired");
        // The second token is none: that waits for long. The test need not.
        Assert.Equal(EdgeErrorCode.LinkUnauthenticated, (await device.UntilLinkAsync(LinkState.Faulted)).Code);
        await device.Documents<Job>().AddAsync(new Job { Title = "2" }, Token);
        device.StartSync(s => s.UseWebSocket(hub.Address, o => o.AccessToken = _ => new("van")));
        await hub.Database.UntilJobsAsync(static jobs => jobs.Count == 2);
    }

    [Fact]
    public async Task A_token_never_goes_over_the_network_unencrypted()
    {
        using var folder = new TempFolder();
        await using var device = await EdgeDatabase.OpenAsync(folder["device.db"], Token);
        var error = Assert.Throws<ArgumentException>(() => device.StartSync(s => s.UseWebSocket(new Uri("ws://hub.example/sync"), o => o.AccessToken = _ => new("secret"))));
        Assert.Contains("wss://", error.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => device.StartSync(s => s.UseWebSocket(new Uri("https://hub.example/sync"))));
        Assert.Throws<ArgumentException>(() => device.StartSync(s => s.UseWebSocket(new Uri("/sync", UriKind.Relative))));
    }

    private static Tickets NewTickets()
    {
        var tickets = new Tickets();
        tickets.Add("van", claims: s_device);
        tickets.Add("guest");
        return tickets;
    }

    private static Task<TestHub> StartAsync(TempFolder folder, Tickets tickets, TimeProvider? clock = null) => TestHub.StartAsync(services =>
    {
        if (clock is not null) services.AddSingleton(clock);
        TestHub.AddTickets(services, tickets);
        services.AddEdgeSync(o => o.Path = folder["hub.db"]);
    }, app => app.MapEdgeSync("/sync").RequireAuthorization("devices"));
}
