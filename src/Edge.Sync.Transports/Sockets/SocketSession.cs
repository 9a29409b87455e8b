using System.Net.Sockets;

namespace Edge.Sync.Transports.Sockets;

/// <summary>How a session over a socket ended.</summary>
/// <param name="End">What the session said.</param>
/// <param name="PeerSpoke">Whether a byte came in: a listener that is full, or dying, accepts and closes without one.</param>
/// <param name="Reason">What broke the connection, where something did.</param>
internal readonly record struct SocketSessionEnd(SessionEnd End, bool PeerSpoke, string? Reason);

/// <summary>The part that all links over sockets share: report, run the session, close the connection.</summary>
internal static class SocketSession
{
    /// <summary>Takes over <paramref name="socket"/>. Never throws.</summary>
    public static async Task<SocketSessionEnd> RunAsync(
        ISyncLinkHost host, Socket socket, string link, string? note, CancellationToken cancellationToken)
    {
        var connection = new SocketConnection(socket, host.TimeProvider);
        await using (connection.ConfigureAwait(false))
        {
            host.Report(link, LinkState.Connected, note);
            SessionEnd end;
            string? failure = null;
            try
            {
                end = await host.RunSessionAsync(connection, link, cancellationToken).ConfigureAwait(false);
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
                host.Report(link, LinkState.Faulted, failure);
            }

            return new(end, connection.ReceivedBytes > 0, failure ?? connection.Fault?.Message);
        }
    }
}
