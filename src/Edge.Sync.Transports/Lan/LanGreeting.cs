using System.Net.Sockets;

namespace Edge.Sync.Transports.Lan;

/// <summary>
/// The bytes before the session: the dialer sends the meeting place's greeting, the listener answers with the same if it is its own and else
/// closes. So another program on a candidate port, or another meeting place, never reaches a session.
/// </summary>
internal static class LanGreeting
{
    internal static readonly TimeSpan Timeout = TimeSpan.FromSeconds(2);

    /// <summary>Whether the peer belongs to the meeting place. Reads no byte beyond the greeting; never throws.</summary>
    public static async Task<bool> ExchangeAsync(
        Socket socket, ReadOnlyMemory<byte> greeting, bool isDialer, TimeProvider timeProvider, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(Timeout, timeProvider);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            if (isDialer) await SendAsync(socket, greeting, either.Token).ConfigureAwait(false);
            if (!await ReceiveAsync(socket, greeting, either.Token).ConfigureAwait(false)) return false;
            if (!isDialer) await SendAsync(socket, greeting, either.Token).ConfigureAwait(false);
            return true;
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException)
        {
            return false;
        }
    }

    private static async Task SendAsync(Socket socket, ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        while (!bytes.IsEmpty)
            bytes = bytes[await socket.SendAsync(bytes, SocketFlags.None, cancellationToken).ConfigureAwait(false)..];
    }

    private static async Task<bool> ReceiveAsync(Socket socket, ReadOnlyMemory<byte> expected, CancellationToken cancellationToken)
    {
        var received = new byte[expected.Length];
        for (var count = 0; count < received.Length;)
        {
            var more = await socket.ReceiveAsync(received.AsMemory(count), SocketFlags.None, cancellationToken).ConfigureAwait(false);
            if (more == 0) return false;
            count += more;
            if (!expected.Span.StartsWith(received.AsSpan(0, count))) return false;
        }

        return true;
    }
}
