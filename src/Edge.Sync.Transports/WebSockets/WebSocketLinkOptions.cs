using System.Net.WebSockets;

namespace Edge.Sync;

/// <summary>What a device says of itself as it opens a web socket: see <see cref="WebSocketSyncBuilderExtensions.UseWebSocket"/>.</summary>
public sealed class WebSocketLinkOptions
{
    /// <summary>Gives the token that lets this device in; asked anew before each attempt, so it may give a fresh one each time.</summary>
    /// <value>The default is null: no token. Where it gives null, none is sent. Sent as <c>Authorization: Bearer …</c> (RFC 6750).</value>
    public Func<CancellationToken, ValueTask<string?>>? AccessToken { get; set; }

    /// <summary>Headers of the request, by name.</summary>
    public IDictionary<string, string> Headers { get; } = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);

    /// <summary>Sets what else the request needs, a client certificate or a proxy for instance; called before each attempt.</summary>
    public Action<ClientWebSocketOptions>? Configure { get; set; }
}
