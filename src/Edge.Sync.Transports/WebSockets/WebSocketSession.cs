using System.Net.WebSockets;
using System.Security.Claims;

namespace Edge.Sync.Transports.WebSockets;

/// <summary>How a session over a web socket ended.</summary>
/// <param name="End">What the session said.</param>
/// <param name="PeerSpoke">Whether a byte came in.</param>
/// <param name="Reason">What broke the connection, or what the peer said as it closed; null where neither did.</param>
internal readonly record struct WebSocketSessionEnd(SessionEnd End, bool PeerSpoke, string? Reason);

/// <summary>The part that both ends of a web socket share: report, run the session, close the connection.</summary>
internal static class WebSocketSession
{
    /// <summary>"Unauthorized" in IANA's registry of close codes: what let the peer in has run out.</summary>
    public const WebSocketCloseStatus Expired = (WebSocketCloseStatus)3000;

    /// <summary>Takes over <paramref name="socket"/>. Never throws.</summary>
    /// <param name="host">Runs the session.</param>
    /// <param name="socket">An open socket.</param>
    /// <param name="link">The link's name.</param>
    /// <param name="note">What the link says while it is connected.</param>
    /// <param name="user">Whom the link has let in; null where it does not know.</param>
    /// <param name="goodbye">What to tell the peer where this side ended the session.</param>
    /// <param name="cancellationToken">Ends the session.</param>
    public static async Task<WebSocketSessionEnd> RunAsync(ISyncLinkHost host, WebSocket socket, string link, string? note, ClaimsPrincipal? user,
        Func<(WebSocketCloseStatus Status, string Reason)>? goodbye, CancellationToken cancellationToken)
    {
        var connection = new WebSocketConnection(socket, host.TimeProvider);
        SessionEnd end;
        string? failure = null;
        await using (connection.ConfigureAwait(false))
        {
            host.Report(link, LinkState.Connected, note);
            try
            {
                end = await (user is null ? host.RunSessionAsync(connection, link, cancellationToken) : host.RunSessionAsync(connection, link, user, cancellationToken)).ConfigureAwait(false);
                if (end == SessionEnd.Refused) connection.SayGoodbye(WebSocketCloseStatus.PolicyViolation, "The session was refused; its last message says why.");
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                end = SessionEnd.Closed;
            }
            catch (Exception e)
            {
                // Not the network's fault: a store that is full, or a slip of ours. One link's failure must not end the others.
                end = SessionEnd.Refused;
                failure = $"The session failed on this side: {e.Message}";
                connection.SayGoodbye(WebSocketCloseStatus.InternalServerError, "The session failed on this side.");
                host.Report(link, LinkState.Faulted, failure);
            }

            if (cancellationToken.IsCancellationRequested && goodbye?.Invoke() is { } said) connection.SayGoodbye(said.Status, said.Reason);
        }

        var peer = connection.PeerGoodbye is { Reason: { Length: > 0 } reason } ? reason : null;
        return new(end, connection.ReceivedBytes > 0, failure ?? connection.Fault?.Message ?? peer);
    }
}
