using System.Globalization;
using System.Net;
using System.Net.Http;
using System.Net.WebSockets;

namespace Edge.Sync.Transports.WebSockets;

/// <summary>Keeps one web socket to one address, dialing again with back-off.</summary>
internal sealed class WebSocketDialerTransport(Uri address, WebSocketLinkOptions options) : ISyncTransport
{
    internal static readonly TimeSpan WaitMinimum = TimeSpan.FromMilliseconds(250);
    internal static readonly TimeSpan WaitMaximum = TimeSpan.FromSeconds(30);
    internal static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(15);

    /// <summary>The address without what may be a secret in it.</summary>
    public string Name { get; } = address.GetComponents(UriComponents.Scheme | UriComponents.Host | UriComponents.Port | UriComponents.Path, UriFormat.UriEscaped);

    public async Task RunAsync(ISyncLinkHost host, CancellationToken cancellationToken)
    {
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        var backoff = Backoff.For(host, Name, WaitMinimum, WaitMaximum);
        host.Report(Name, LinkState.Connecting);
        while (!cancellationToken.IsCancellationRequested)
        {
            var (socket, failure) = await ConnectAsync(host.TimeProvider, cancellationToken).ConfigureAwait(false);
            if (socket is not null) failure = await TalkAsync(host, socket, backoff, cancellationToken).ConfigureAwait(false);
            if (cancellationToken.IsCancellationRequested) return;

            if (failure?.State == LinkState.Faulted) backoff.JumpToMaximum();
            // The timer is set before the report goes out: who sees the report may move a test's clock.
            var delay = backoff.Next();
            var wait = Task.Delay(delay, host.TimeProvider, cancellationToken);
            if (failure is { } f)
                host.Report(Name, f.State, string.Create(CultureInfo.InvariantCulture, $"{f.Reason} Trying again in {delay.TotalSeconds:0.0} s."), f.Code);
            await wait.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Runs one session; returns what to report, or null where the session has reported something better.</summary>
    private async Task<DialFailure?> TalkAsync(ISyncLinkHost host, WebSocket socket, Backoff backoff, CancellationToken cancellationToken)
    {
        var session = await WebSocketSession.RunAsync(host, socket, Name, note: null, user: null, goodbye: null, cancellationToken).ConfigureAwait(false);
        switch (session.End)
        {
            case SessionEnd.Self:
                host.Report(Name, LinkState.Listening, "This address is this replica's own: it is not dialed any more.");
                await Task.Delay(Timeout.InfiniteTimeSpan, host.TimeProvider, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                return null;
            case SessionEnd.Refused:
                backoff.JumpToMaximum();
                return null;
            default:
                if (session.PeerSpoke) backoff.Reset();
                return new(LinkState.Connecting, session.Reason is null ? "The connection was closed." : $"The connection was closed ({session.Reason}).");
        }
    }

    private async Task<(ClientWebSocket? Socket, DialFailure? Failure)> ConnectAsync(TimeProvider timeProvider, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(ConnectTimeout, timeProvider);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        var socket = new ClientWebSocket();
        try
        {
            if (await PrepareAsync(socket, either.Token).ConfigureAwait(false) is { } unprepared)
            {
                socket.Dispose();
                return (null, unprepared);
            }

            await socket.ConnectAsync(address, either.Token).ConfigureAwait(false);
            return (socket, null);
        }
        catch (OperationCanceledException)
        {
            socket.Dispose();
            return (null, new(LinkState.Connecting, $"{Name} does not answer. Check the address, and the firewalls and proxies on the way."));
        }
        catch (WebSocketException e)
        {
            var status = socket.HttpStatusCode;
            socket.Dispose();
            return (null, status == 0 ? Explain(e) : Explain(status));
        }
    }

    /// <summary>Asks the app for what lets this device in. What the app's code throws is told, and does not end the sync.</summary>
    private async Task<DialFailure?> PrepareAsync(ClientWebSocket socket, CancellationToken cancellationToken)
    {
        try
        {
            socket.Options.KeepAliveInterval = TimeSpan.Zero; // sessions send pings of their own, and notice a peer that is gone
            socket.Options.CollectHttpResponseDetails = true;
            foreach (var (name, value) in options.Headers)
                socket.Options.SetRequestHeader(name, value);
            if (options.AccessToken is { } ask && await ask(cancellationToken).ConfigureAwait(false) is { } token)
                socket.Options.SetRequestHeader("Authorization", $"Bearer {token}");
            options.Configure?.Invoke(socket.Options);
            return null;
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            return new(LinkState.Faulted, $"What the app adds to the request could not be had ({e.Message}).", EdgeErrorCode.LinkFaulted);
        }
    }

    private DialFailure Explain(HttpStatusCode status) => status switch
    {
        HttpStatusCode.Unauthorized => new(LinkState.Faulted, $"{Name} does not know this device (401). Give what it asks for, a token for instance: UseWebSocket(address, o => o.AccessToken = …).", EdgeErrorCode.LinkUnauthenticated),
        HttpStatusCode.Forbidden => new(LinkState.Faulted, $"{Name} knows this device and does not let it in (403). Whoever runs it can give the permission.", EdgeErrorCode.LinkForbidden),
        HttpStatusCode.NotFound => new(LinkState.Faulted, $"There is nothing at {Name} (404). Check the path: it is the one that MapEdgeSync was given.", EdgeErrorCode.LinkNotFound),
        HttpStatusCode.ServiceUnavailable or HttpStatusCode.BadGateway or HttpStatusCode.GatewayTimeout or HttpStatusCode.TooManyRequests =>
            new(LinkState.Connecting, $"{Name} has no room now, or is just starting ({(int)status})."),
        _ => new(LinkState.Faulted, $"{Name} answered {(int)status} in place of opening a web socket. Check the address, and that proxies on the way pass web sockets on.", EdgeErrorCode.LinkFaulted),
    };

    private DialFailure Explain(WebSocketException failure) => (failure.InnerException as HttpRequestException)?.HttpRequestError switch
    {
        HttpRequestError.NameResolutionError => new(LinkState.Connecting, $"The name {address.Host} cannot be resolved. Check it and this machine's network."),
        HttpRequestError.SecureConnectionError => new(LinkState.Faulted, $"{Name} cannot be trusted ({failure.InnerException!.InnerException?.Message ?? failure.InnerException.Message}). Check its certificate and this machine's clock.", EdgeErrorCode.LinkFaulted),
        HttpRequestError.ConnectionError => new(LinkState.Connecting, $"{Name} cannot be reached. Start the peer, or check host, port and network."),
        _ => new(LinkState.Connecting, $"Connecting to {Name} failed ({failure.Message})."),
    };

    /// <summary>Why there is no connection.</summary>
    private readonly record struct DialFailure(LinkState State, string Reason, EdgeErrorCode? Code = null);
}
