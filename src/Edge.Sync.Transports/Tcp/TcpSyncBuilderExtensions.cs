using System.Net;
using Edge.Sync.Transports.Sockets;
using Edge.Sync.Transports.Tcp;

namespace Edge.Sync;

/// <summary>Sync over TCP, unencrypted: for the loopback interface and for networks that protect their traffic themselves.</summary>
public static class TcpSyncBuilderExtensions
{
    /// <summary>Lets peers of this machine come in on a port of its loopback interface.</summary>
    /// <remarks>A port that is in use is not an error here: the link is reported as faulted, with the reason, and tried again.</remarks>
    /// <param name="sync">The links of a database.</param>
    /// <param name="port">0 to 65535; 0 takes a free one, which the link's name in the status tells.</param>
    /// <param name="connectionsMax">How many peers may be connected at once; further ones are turned away.</param>
    public static SyncBuilder UseTcpListener(this SyncBuilder sync, int port, int connectionsMax = IncomingLinks.DefaultLimit)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(port);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(port, IPEndPoint.MaxPort);
        return sync.UseTcpListener(new IPEndPoint(IPAddress.Loopback, port), connectionsMax);
    }

    /// <summary>Lets peers come in on a port of one of this machine's interfaces.</summary>
    /// <remarks>
    /// Bytes are neither encrypted nor is the peer authenticated: beyond the loopback interface use it only in a network where everybody may
    /// read and write the database.
    /// </remarks>
    /// <param name="sync">The links of a database.</param>
    /// <param name="endPoint">The interface's address and the port; <see cref="IPAddress.Any"/> means all interfaces.</param>
    /// <param name="connectionsMax">How many peers may be connected at once; further ones are turned away.</param>
    public static SyncBuilder UseTcpListener(this SyncBuilder sync, IPEndPoint endPoint, int connectionsMax = IncomingLinks.DefaultLimit)
    {
        ArgumentNullException.ThrowIfNull(sync);
        ArgumentNullException.ThrowIfNull(endPoint);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(connectionsMax);
        return sync.Use(new TcpListenerTransport(endPoint, connectionsMax));
    }

    /// <summary>Keeps a connection to a peer that listens.</summary>
    /// <remarks>
    /// Tries again for as long as sync runs: after 0.25 s at first, then ever more rarely up to once in 30 s, and at once that rarely where the
    /// peer was refused. The link is named <c>tcp:host:port</c>.
    /// </remarks>
    /// <param name="sync">The links of a database.</param>
    /// <param name="host">A name or an address.</param>
    /// <param name="port">1 to 65535.</param>
    public static SyncBuilder UseTcp(this SyncBuilder sync, string host, int port)
    {
        ArgumentNullException.ThrowIfNull(sync);
        ArgumentException.ThrowIfNullOrWhiteSpace(host);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(port);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(port, IPEndPoint.MaxPort);
        return sync.Use(new TcpDialerTransport(host, port));
    }
}
