using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Edge.Sync.Transports.Sockets;

namespace Edge.Sync.Transports.Tcp;

/// <summary>Keeps one connection to one address, dialing again with back-off.</summary>
internal sealed class TcpDialerTransport(string host, int port) : ISyncTransport
{
    internal static readonly TimeSpan WaitMinimum = TimeSpan.FromMilliseconds(250);
    internal static readonly TimeSpan WaitMaximum = TimeSpan.FromSeconds(30);
    internal static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(15);

    private readonly EndPoint _endPoint = IPAddress.TryParse(host, out var address) ? new IPEndPoint(address, port) : new DnsEndPoint(host, port);

    public string Name { get; } = string.Create(CultureInfo.InvariantCulture, $"tcp:{(host.Contains(':') ? $"[{host}]" : host)}:{port}");

    public async Task RunAsync(ISyncLinkHost host, CancellationToken cancellationToken)
    {
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        var backoff = Backoff.For(host, Name, WaitMinimum, WaitMaximum);
        host.Report(Name, LinkState.Connecting);
        while (!cancellationToken.IsCancellationRequested)
        {
            var (socket, error) = await SocketConnector.ConnectAsync(_endPoint, ConnectTimeout, host.TimeProvider, cancellationToken).ConfigureAwait(false);
            var reason = socket is null ? Explain(error) : await TalkAsync(host, socket, backoff, cancellationToken).ConfigureAwait(false);
            if (cancellationToken.IsCancellationRequested) return;

            // The timer is set before the report goes out: who sees the report may move a test's clock.
            var delay = backoff.Next();
            var wait = Task.Delay(delay, host.TimeProvider, cancellationToken);
            if (reason is not null)
                host.Report(Name, LinkState.Connecting, string.Create(CultureInfo.InvariantCulture, $"{reason} Trying again in {delay.TotalSeconds:0.0} s."));
            await wait.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Runs one session; returns what to report, or null where the session has reported something better.</summary>
    private async Task<string?> TalkAsync(ISyncLinkHost host, Socket socket, Backoff backoff, CancellationToken cancellationToken)
    {
        var session = await SocketSession.RunAsync(host, socket, Name, note: null, cancellationToken).ConfigureAwait(false);
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
                return session.Reason is null ? "The connection was closed." : $"The connection was lost ({session.Reason}).";
        }
    }

    private string Explain(SocketError error) => error switch
    {
        SocketError.ConnectionRefused => $"Nobody listens on {Name[4..]}. Start the peer, or check host and port.",
        SocketError.HostNotFound or SocketError.NoData or SocketError.TryAgain => $"The name {host} cannot be resolved. Check it and this machine's network.",
        SocketError.TimedOut => $"{Name[4..]} does not answer. Check its address, and the firewalls on the way.",
        SocketError.NetworkUnreachable or SocketError.HostUnreachable or SocketError.NetworkDown => $"{Name[4..]} cannot be reached from here: no network.",
        _ => $"Connecting to {Name[4..]} failed ({error}).",
    };
}
