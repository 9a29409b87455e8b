using Edge.Sync.Transports.WebSockets;

namespace Edge.Sync;

/// <summary>Sync over web sockets (RFC 6455): through proxies, encrypted, with whatever the web has to say who one is.</summary>
public static class WebSocketSyncBuilderExtensions
{
    /// <summary>Keeps a connection to a hub: the path that it gave to <c>MapEdgeSync</c>.</summary>
    /// <remarks>
    /// <para>Tries again for as long as sync runs: after 0.25 s at first, then ever more rarely up to once in 30 s, and at once that rarely where the hub does not let this
    /// device in. The link is named for the address, without its query. Why there is no connection is the link's reason in the status, with
    /// <see cref="EdgeErrorCode.LinkUnauthenticated"/>, <see cref="EdgeErrorCode.LinkForbidden"/> or <see cref="EdgeErrorCode.LinkNotFound"/> as its code where the hub has said so.</para>
    /// <para>In a browser, requests have no headers of the app's: use cookies there.</para>
    /// </remarks>
    /// <param name="sync">The links of a database.</param>
    /// <param name="address">Begins with <c>wss://</c>, or with <c>ws://</c>, which encrypts nothing.</param>
    /// <param name="configure">Sets the token and headers.</param>
    /// <exception cref="ArgumentException">The address is none of a web socket, or a token would go over the network unencrypted.</exception>
    public static SyncBuilder UseWebSocket(this SyncBuilder sync, Uri address, Action<WebSocketLinkOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(sync);
        ArgumentNullException.ThrowIfNull(address);
        if (!address.IsAbsoluteUri || address.Scheme is not ("ws" or "wss"))
            throw new ArgumentException($"'{address}' is not the address of a web socket. It begins with wss://, for instance wss://hub.example/sync.", nameof(address));
        var options = new WebSocketLinkOptions();
        configure?.Invoke(options);
        if (options.AccessToken is not null && address is { Scheme: "ws", IsLoopback: false })
            throw new ArgumentException($"A token would be sent to '{address.Host}' unencrypted, and whoever reads it could use it. Use wss://; where the network protects itself, add the Authorization header to Headers.", nameof(address));
        return sync.Use(new WebSocketDialerTransport(address, options));
    }
}
