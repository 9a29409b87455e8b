using System.Net.Sockets;

namespace Edge.Sync.Transports.Sockets;

/// <summary>The connections that a listener has accepted, each in a numbered place.</summary>
/// <remarks>
/// A link is named for its place, not for the peer's port, which is a new one each time: so the status of a listener that runs for a year
/// has no more lines than its limit.
/// </remarks>
internal sealed class IncomingLinks(ISyncLinkHost host, string listener, int limit, Func<Socket, string, CancellationToken, Task> serve)
{
    internal const int DefaultLimit = 256;

    private readonly Lock _lock = new();
    private readonly List<Task?> _places = [];
    private bool _full;

    /// <summary>Starts serving <paramref name="socket"/>, or closes it where all places are taken.</summary>
    public void Take(Socket socket, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            var place = _places.IndexOf(null);
            if (place < 0 && _places.Count < limit)
            {
                place = _places.Count;
                _places.Add(null);
            }

            if (place >= 0)
            {
                if (_full) host.Report(listener, LinkState.Listening);
                _full = false;
                _places[place] = ServeAsync(socket, place, cancellationToken);
                return;
            }
        }

        // Told by a close, a dialer backs off; left in the queue of the system, it would take itself for connected.
        socket.Dispose();
        if (!_full) host.Report(listener, LinkState.Listening, $"All {limit} connections are in use: further peers are turned away until one leaves.");
        _full = true;
    }

    /// <summary>Waits until all have been served; nothing may be taken any more.</summary>
    public Task WhenAllEndedAsync()
    {
        lock (_lock)
            return Task.WhenAll(_places.OfType<Task>());
    }

    private async Task ServeAsync(Socket socket, int place, CancellationToken cancellationToken)
    {
        // A session's first step may be long; the accept loop must not run it, nor may it end before its place is taken.
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        await serve(socket, $"{listener}#{place + 1}", cancellationToken).ConfigureAwait(false);
        lock (_lock)
            _places[place] = null;
    }

    /// <summary>The peer's address for status lines; an accepted socket may have lost it already.</summary>
    public static string PeerOf(Socket socket)
    {
        try
        {
            return socket.RemoteEndPoint?.ToString() ?? "unknown";
        }
        catch (SocketException)
        {
            return "unknown";
        }
    }
}
