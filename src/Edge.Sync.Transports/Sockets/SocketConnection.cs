using System.Buffers;
using System.Net.Sockets;

namespace Edge.Sync.Transports.Sockets;

/// <summary>A connected socket as a duplex pipe. The peer's end of stream ends the input only (half-close).</summary>
internal sealed class SocketConnection : PipedConnection
{
    /// <summary>How long a peer may take to accept our last bytes and to close its side, before the connection is cut.</summary>
    internal static readonly TimeSpan LingerTime = TimeSpan.FromSeconds(1);

    private readonly Socket _socket;

    /// <summary>Takes over <paramref name="socket"/>, which must be connected.</summary>
    public SocketConnection(Socket socket, TimeProvider timeProvider, MemoryPool<byte>? pool = null) : base(timeProvider, LingerTime, pool)
    {
        _socket = socket;
        Configure(socket);
        Start();
    }

    protected override async ValueTask<(Received Kind, int Count)> ReceiveAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        var count = await _socket.ReceiveAsync(buffer, SocketFlags.None, cancellationToken).ConfigureAwait(false);
        return (count == 0 && !buffer.IsEmpty ? Received.End : Received.Bytes, count);
    }

    protected override async ValueTask SendAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        while (!bytes.IsEmpty)
            bytes = bytes[await _socket.SendAsync(bytes, SocketFlags.None, cancellationToken).ConfigureAwait(false)..];
    }

    protected override ValueTask FinishSendingAsync(CancellationToken cancellationToken)
    {
        _socket.Shutdown(SocketShutdown.Send);
        return default;
    }

    protected override void Release() => _socket.Dispose();

    protected override bool IsOfNetwork(Exception exception) => exception is SocketException;

    private static void Configure(Socket socket)
    {
        try
        {
            socket.NoDelay = true; // Sessions write whole messages; waiting for more only delays the answer.
            // A device that vanished without a word is noticed after a minute, else its connection would be held for ever.
            socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
            socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveTime, 30);
            socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveInterval, 10);
            socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveRetryCount, 3);
        }
        catch (SocketException)
        {
            // Already reset by the peer, which the loops find out; or an option that this system lacks, which is not needed to be right.
        }
    }
}
