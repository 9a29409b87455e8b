using System.Net;
using System.Net.Sockets;

namespace Edge.Sync.Transports.Tests.Support;

/// <summary>Bare sockets, to play a peer or a stranger.</summary>
internal static class RawTcp
{
    public static Socket Listen(IPEndPoint? endPoint = null)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Bind(endPoint ?? new(IPAddress.Loopback, 0));
            socket.Listen();
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    public static async Task<Socket> ConnectAsync(EndPoint endPoint)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await socket.ConnectAsync(endPoint, TestContext.Current.CancellationToken);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Two connected sockets.</summary>
    public static async Task<(Socket First, Socket Second)> PairAsync()
    {
        using var listener = Listen();
        var first = await ConnectAsync(listener.LocalEndPoint!);
        return (first, await listener.AcceptAsync(TestContext.Current.CancellationToken));
    }

    public static async Task<byte[]> ReceiveExactlyAsync(Socket socket, int count)
    {
        using var patience = Patience();
        var bytes = new byte[count];
        for (var received = 0; received < count;)
        {
            var more = await socket.ReceiveAsync(bytes.AsMemory(received), patience.Token);
            if (more == 0) throw new EndOfStreamException($"Closed after {received} of {count} bytes.");
            received += more;
        }

        return bytes;
    }

    /// <summary>Reads on until the peer has closed, in order or not, and says how many bytes came before.</summary>
    public static async Task<long> ReceiveToEndAsync(Socket socket)
    {
        using var patience = Patience();
        var buffer = new byte[4096];
        long count = 0;
        try
        {
            while (await socket.ReceiveAsync(buffer, patience.Token) is var more and > 0)
                count += more;
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.ConnectionReset)
        {
        }

        return count;
    }

    private static CancellationTokenSource Patience()
    {
        var source = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        source.CancelAfter(Signal.Patience);
        return source;
    }
}
