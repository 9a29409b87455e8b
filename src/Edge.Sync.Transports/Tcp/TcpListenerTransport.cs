using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Edge.Sync.Transports.Sockets;

namespace Edge.Sync.Transports.Tcp;

/// <summary>Listens on one port and runs a session for each peer that comes in.</summary>
internal sealed class TcpListenerTransport(IPEndPoint endPoint, int connectionsMax = IncomingLinks.DefaultLimit) : ISyncTransport
{
    internal static readonly TimeSpan WaitMinimum = TimeSpan.FromMilliseconds(250);
    internal static readonly TimeSpan WaitMaximum = TimeSpan.FromSeconds(30);

    private IPEndPoint? _boundEndPoint;

    public string Name { get; } = $"tcp-listen:{endPoint}";

    /// <summary>Where it listens: with port 0, the port that the system gave, which it keeps from then on. Null before the first success.</summary>
    public IPEndPoint? BoundEndPoint => Volatile.Read(ref _boundEndPoint);

    public async Task RunAsync(ISyncLinkHost host, CancellationToken cancellationToken)
    {
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        var backoff = Backoff.For(host, Name, WaitMinimum, WaitMaximum);
        IncomingLinks? incoming = null;
        while (!cancellationToken.IsCancellationRequested)
        {
            var wanted = _boundEndPoint ?? endPoint;
            var (listener, error) = SocketListener.Open(wanted);
            if (listener is null)
            {
                var delay = backoff.Next();
                var wait = Task.Delay(delay, host.TimeProvider, cancellationToken);
                host.Report($"tcp-listen:{wanted}", LinkState.Faulted,
                    string.Create(CultureInfo.InvariantCulture, $"{SocketListener.Explain(error, wanted)} Trying again in {delay.TotalSeconds:0.0} s."));
                await wait.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                continue;
            }

            using (listener)
            {
                backoff.Reset();
                Volatile.Write(ref _boundEndPoint, (IPEndPoint)listener.LocalEndPoint!);
                var link = $"tcp-listen:{_boundEndPoint}";
                incoming ??= new(host, link, connectionsMax, (socket, place, token) => ServeAsync(host, socket, place, token));
                host.Report(link, LinkState.Listening);
                await AcceptLoop.RunAsync(host, link, note: null, listener.AcceptAsync, socket => incoming.Take(socket, cancellationToken), cancellationToken)
                    .ConfigureAwait(false);
            }
        }

        if (incoming is not null) await incoming.WhenAllEndedAsync().ConfigureAwait(false);
    }

    private static async Task ServeAsync(ISyncLinkHost host, Socket socket, string link, CancellationToken cancellationToken)
    {
        var peer = IncomingLinks.PeerOf(socket);
        var session = await SocketSession.RunAsync(host, socket, link, $"Peer at {peer}.", cancellationToken).ConfigureAwait(false);
        if (session.End != SessionEnd.Refused && !cancellationToken.IsCancellationRequested)
            host.Report(link, LinkState.Listening, session.Reason is null ? $"{peer} left." : $"{peer} was lost ({session.Reason}).");
    }
}
