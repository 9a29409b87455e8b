using System.Net;
using System.Net.Sockets;

namespace Edge.Sync.Transports.Sockets;

/// <summary>Opens listening sockets and explains why one cannot be opened.</summary>
internal static class SocketListener
{
    private const int Backlog = 128;

    /// <summary>A listening socket, or the error.</summary>
    public static (Socket? Socket, SocketError Error) Open(IPEndPoint endPoint)
    {
        Socket? socket = null;
        try
        {
            socket = new(endPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
            // On Windows another process could otherwise bind the same port and take our peers.
            if (OperatingSystem.IsWindows()) socket.ExclusiveAddressUse = true;
            socket.Bind(endPoint);
            socket.Listen(Backlog);
            return (socket, SocketError.Success);
        }
        catch (SocketException e)
        {
            socket?.Dispose();
            return (null, e.SocketErrorCode);
        }
    }

    /// <summary>What happened and what to do, for the one who chose the port.</summary>
    public static string Explain(SocketError error, IPEndPoint endPoint) => error switch
    {
        SocketError.AddressAlreadyInUse =>
            $"Port {endPoint.Port} on {endPoint.Address} is in use by another program. Stop that program or listen on another port (0 takes a free one).",
        SocketError.AccessDenied =>
            $"This process may not listen on port {endPoint.Port} of {endPoint.Address}. Listen on a port above 1023 that the system does not reserve.",
        SocketError.AddressNotAvailable =>
            $"No interface of this machine has the address {endPoint.Address}. Listen on an address that it has, or on {IPAddress.Any} for all.",
        SocketError.TooManyOpenSockets or SocketError.NoBufferSpaceAvailable =>
            $"This process has too many open files to listen on {endPoint}. Close some, or raise its limit.",
        _ => $"Listening on {endPoint} failed ({error}).",
    };
}
