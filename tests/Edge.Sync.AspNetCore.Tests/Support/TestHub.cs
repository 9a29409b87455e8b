using System.Net;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Edge.Sync.AspNetCore.Tests.Support;

/// <summary>A hub over Kestrel, on the loopback interface.</summary>
internal sealed class TestHub : IAsyncDisposable
{
    private readonly WebApplication _app;

    private TestHub(WebApplication app) => _app = app;

    public int Port { get; private set; }

    public Uri Address => AddressOf("/sync");

    public IServiceProvider Services => _app.Services;

    public EdgeDatabase Database => Services.GetRequiredService<EdgeDatabase>();

    public Uri AddressOf(string path) => new($"ws://127.0.0.1:{Port}{path}");

    /// <summary>Starts a hub of one database at <c>/sync</c>, open to all.</summary>
    public static Task<TestHub> StartAsync(string path, int port = 0) => StartAsync(
        services => services.AddEdgeSync(o => o.Path = path).AddDocument<Job>(), app => app.MapEdgeSync("/sync"), port);

    public static async Task<TestHub> StartAsync(Action<IServiceCollection> add, Action<WebApplication> map, int port = 0)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, port));
        add(builder.Services);
        var hub = new TestHub(builder.Build());
        try
        {
            map(hub._app);
            await hub._app.StartAsync(TestContext.Current.CancellationToken);
            hub.Port = new Uri(hub.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single()).Port;
            return hub;
        }
        catch
        {
            await hub._app.DisposeAsync();
            throw;
        }
    }

    /// <summary>Adds authentication by <see cref="Tickets"/>, and the policy <c>devices</c>.</summary>
    public static void AddTickets(IServiceCollection services, Tickets tickets)
    {
        services.AddSingleton(tickets);
        services.AddAuthentication("test").AddScheme<AuthenticationSchemeOptions, TicketHandler>("test", null);
        services.AddAuthorizationBuilder().AddPolicy("devices", policy => policy.RequireClaim("device"));
    }

    public Task StopAsync() => _app.StopAsync(TestContext.Current.CancellationToken);

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync(TestContext.Current.CancellationToken);
        await _app.DisposeAsync();
    }
}
