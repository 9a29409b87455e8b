using System.Diagnostics.CodeAnalysis;
using Edge.Sync;
using Edge.Sync.AspNetCore;
using Edge.Sync.Hosting;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Microsoft.AspNetCore.Builder;

/// <summary>Makes a host a hub: devices sync with its databases over web sockets.</summary>
public static class EdgeSyncEndpointRouteBuilderExtensions
{
    /// <summary>Lets devices sync with a database that was added with <c>AddEdgeSync</c>; they connect with <c>UseWebSocket</c>.</summary>
    /// <remarks>
    /// <para>Web sockets are set up for this endpoint alone; the app need not call <c>UseWebSockets</c>. Whoever may send requests here may read and write the whole database: say who by
    /// <c>RequireAuthorization</c>. A session ends when the host stops, and when the ticket expires that let it in (<c>AuthenticationProperties.ExpiresUtc</c>); the device comes in anew,
    /// and goes on where it was. Nothing that was acknowledged is lost by any end.</para>
    /// <para>Other requests are answered with 426, or 400 over HTTP/2, and what to do; a page of another origin with 403; where there is no room with 503.</para>
    /// </remarks>
    /// <param name="endpoints">The app, before it has started.</param>
    /// <param name="pattern">The path, such as <c>/sync</c>.</param>
    /// <param name="name">The database's key; null for the one without.</param>
    /// <param name="configure">Sets limits.</param>
    /// <returns>The endpoint, for <c>RequireAuthorization</c>, <c>RequireHost</c>, <c>RequireRateLimiting</c> and the like.</returns>
    /// <exception cref="InvalidOperationException">No database of that key was added.</exception>
    public static IEndpointConventionBuilder MapEdgeSync(this IEndpointRouteBuilder endpoints, [StringSyntax("Route")] string pattern, string? name = null, Action<EdgeSyncEndpointOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        ArgumentException.ThrowIfNullOrEmpty(pattern);
        var options = new EdgeSyncEndpointOptions();
        configure?.Invoke(options);
        if (options.ConnectionsMax <= 0) throw new ArgumentException($"ConnectionsMax is {options.ConnectionsMax}. Set it to 1 or more; the default is 1,024.", nameof(configure));
        var services = endpoints.ServiceProvider;
        var call = string.IsNullOrEmpty(name) ? "AddEdgeSync(o => o.Path = …)" : $"AddEdgeSync(\"{name}\", o => o.Path = …)";
        var startup = services.GetKeyedService<EdgeDatabaseStartup>(name ?? "") ?? throw new InvalidOperationException($"MapEdgeSync(\"{pattern}\") finds no database. Call builder.Services.{call} before the app is built.");
        var hub = new HubTransport(pattern, options.ConnectionsMax);
        startup.Syncs.Add(sync => sync.Use(hub));
        var branch = endpoints.CreateApplicationBuilder();
        // No pings by the web socket: sessions send their own, and notice a peer that is gone.
        branch.UseWebSockets(new WebSocketOptions { KeepAliveInterval = Timeout.InfiniteTimeSpan });
        var endpoint = new HubEndpoint(hub, options, services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping);
        branch.Run(endpoint.InvokeAsync);
        return endpoints.Map(pattern, branch.Build()).WithDisplayName($"Edge.Sync {pattern}");
    }
}
