using System.Net.WebSockets;
using Edge.Sync.Transports.WebSockets;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http.Timeouts;
using Microsoft.Net.Http.Headers;

namespace Edge.Sync.AspNetCore;

/// <summary>Answers the requests of one endpoint: opens a web socket and runs a session over it, or says why not.</summary>
/// <remarks>Who may come in has been decided before, by the app's authorization: the endpoint's conventions are those of any other.</remarks>
internal sealed class HubEndpoint(HubTransport hub, EdgeSyncEndpointOptions options, CancellationToken hostStopping)
{
    /// <summary>The longest wait that a timer takes, some 49 days, rounded down: whoever is let in for longer comes in anew.</summary>
    private static readonly TimeSpan s_longest = TimeSpan.FromDays(49);

    public async Task InvokeAsync(HttpContext context)
    {
        if (!context.WebSockets.IsWebSocketRequest)
        {
            await RefuseUpgradeAsync(context).ConfigureAwait(false);
            return;
        }
        if (!IsOriginAllowed(context.Request))
        {
            await RefuseAsync(context, StatusCodes.Status403Forbidden,
                $"Pages of '{context.Request.Headers.Origin}' may not connect here. Where they should, name that origin: MapEdgeSync(pattern, configure: o => o.AllowedOrigins.Add(…)).").ConfigureAwait(false);
            return;
        }
        await hub.WhenStartedAsync(TimeProvider.System, context.RequestAborted).ConfigureAwait(false);
        using var place = hub.TryTake(out var reason);
        if (place is null)
        {
            context.Response.Headers.RetryAfter = "5";
            await RefuseAsync(context, StatusCodes.Status503ServiceUnavailable, reason!).ConfigureAwait(false);
            return;
        }
        await ServeAsync(context, place).ConfigureAwait(false);
    }

    private async Task ServeAsync(HttpContext context, HubTransport.Place place)
    {
        // A session is no request that hangs.
        context.Features.Get<IHttpRequestTimeoutFeature>()?.DisableTimeout();
        using var expiry = ExpiryOf(context, place.Host.TimeProvider);
        using var ends = CancellationTokenSource.CreateLinkedTokenSource(place.Stop, hostStopping, context.RequestAborted, expiry.Token);
        using var socket = await context.WebSockets.AcceptWebSocketAsync().ConfigureAwait(false);
        var peer = context.Connection.RemoteIpAddress?.ToString() ?? "an unknown address";
        var session = await WebSocketSession.RunAsync(place.Host, socket, place.Link, $"Device at {peer}.", context.User, () => Goodbye(expiry.IsCancellationRequested), ends.Token).ConfigureAwait(false);
        if (session.End != SessionEnd.Refused && !place.Stop.IsCancellationRequested)
            place.Host.Report(place.Link, LinkState.Listening, Explain(peer, expiry.IsCancellationRequested, session.Reason));
    }

    private static (WebSocketCloseStatus, string) Goodbye(bool isExpired) => isExpired
        ? (WebSocketSession.Expired, "What let this device in has expired. Connect again with a fresh token.")
        : (WebSocketCloseStatus.EndpointUnavailable, "The hub is stopping.");

    private static string Explain(string peer, bool isExpired, string? reason) =>
        isExpired ? $"What had let {peer} in has expired." : reason is null ? $"{peer} left." : $"{peer} was lost ({reason}).";

    /// <summary>Cancelled when what let the device in expires, where that says when.</summary>
    private static CancellationTokenSource ExpiryOf(HttpContext context, TimeProvider timeProvider)
    {
        if (context.Features.Get<IAuthenticateResultFeature>()?.AuthenticateResult?.Properties?.ExpiresUtc is not { } expires) return new();
        var left = expires - timeProvider.GetUtcNow();
        return new(left < TimeSpan.Zero ? TimeSpan.Zero : left > s_longest ? s_longest : left, timeProvider);
    }

    private bool IsOriginAllowed(HttpRequest request)
    {
        var origin = request.Headers.Origin.ToString();
        if (origin.Length == 0 || options.AllowedOrigins.Contains(origin)) return true;
        // Schemes are not compared: behind a proxy that ends TLS they differ.
        return Uri.TryCreate(origin, UriKind.Absolute, out var page) && page.Host.Equals(request.Host.Host, StringComparison.OrdinalIgnoreCase)
            && (request.Host.Port is { } port ? port == page.Port : page.IsDefaultPort);
    }

    private static Task RefuseUpgradeAsync(HttpContext context)
    {
        // HTTP/2 and later have no upgrade, and no header for it: there a web socket is a CONNECT.
        var isHttp1 = HttpProtocol.IsHttp11(context.Request.Protocol) || HttpProtocol.IsHttp10(context.Request.Protocol);
        if (isHttp1)
        {
            context.Response.Headers.Upgrade = "websocket";
            context.Response.Headers.Connection = HeaderNames.Upgrade;
        }
        var address = $"{(context.Request.IsHttps ? "wss" : "ws")}://{context.Request.Host}{context.Request.PathBase}{context.Request.Path}";
        return RefuseAsync(context, isHttp1 ? StatusCodes.Status426UpgradeRequired : StatusCodes.Status400BadRequest,
            $"Devices sync here, over web sockets (RFC 6455). Connect a database with db.StartSync(s => s.UseWebSocket(new Uri(\"{address}\"))). Where this was such a request, a proxy on the way has not passed its Upgrade header on.");
    }

    private static Task RefuseAsync(HttpContext context, int status, string text)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "text/plain; charset=utf-8";
        return context.Response.WriteAsync(text, context.RequestAborted);
    }
}
