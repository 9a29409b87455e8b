using System.Buffers;
using System.Net.WebSockets;
using System.Text;

namespace Edge.Sync.Transports.WebSockets;

/// <summary>A web socket (RFC 6455) as a duplex pipe: the bytes of its binary messages, one after the other, whatever messages they came in.</summary>
internal sealed class WebSocketConnection : PipedConnection
{
    /// <summary>How long a peer may take to accept our last bytes and to close its side, before the connection is cut.</summary>
    internal static readonly TimeSpan LingerTime = TimeSpan.FromSeconds(2);

    /// <summary>A close frame holds 125 bytes, 2 of them for the status.</summary>
    private const int ReasonBytesMax = 123;

    private readonly WebSocket _socket;
    private readonly Lock _lock = new();
    private (WebSocketCloseStatus Status, string Reason) _goodbye = (WebSocketCloseStatus.NormalClosure, "");

    /// <summary>Takes over <paramref name="socket"/>, which must be open.</summary>
    public WebSocketConnection(WebSocket socket, TimeProvider timeProvider, MemoryPool<byte>? pool = null) : base(timeProvider, LingerTime, pool)
    {
        _socket = socket;
        Start();
    }

    /// <summary>What the peer said as it closed; null where it has not.</summary>
    public (WebSocketCloseStatus Status, string? Reason)? PeerGoodbye => _socket.CloseStatus is { } status ? (status, _socket.CloseStatusDescription) : null;

    /// <summary>Says what the peer is told when the connection is disposed. What the connection itself found wrong goes first.</summary>
    public void SayGoodbye(WebSocketCloseStatus status, string reason)
    {
        lock (_lock)
            if (_goodbye.Status == WebSocketCloseStatus.NormalClosure) _goodbye = (status, reason);
    }

    protected override async ValueTask<(Received Kind, int Count)> ReceiveAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        var received = await _socket.ReceiveAsync(buffer, cancellationToken).ConfigureAwait(false);
        if (received.MessageType == WebSocketMessageType.Close) return (Received.End, 0);
        if (received.MessageType == WebSocketMessageType.Binary || buffer.IsEmpty) return (Received.Bytes, received.Count);
        // It looks like a peer that has closed, and the goodbye tells it why.
        const string Reason = "Edge.Sync speaks binary messages, not text.";
        SayGoodbye(WebSocketCloseStatus.InvalidMessageType, Reason);
        SetFault(new WebSocketException(WebSocketError.InvalidMessageType, Reason));
        return (Received.Refused, received.Count);
    }

    protected override ValueTask SendAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken) =>
        _socket.SendAsync(bytes, WebSocketMessageType.Binary, endOfMessage: true, cancellationToken);

    protected override ValueTask FinishSendingAsync(CancellationToken cancellationToken)
    {
        (WebSocketCloseStatus Status, string Reason) goodbye;
        lock (_lock) goodbye = _goodbye;
        return new(_socket.CloseOutputAsync(goodbye.Status, Fit(goodbye.Reason), cancellationToken));
    }

    protected override void Release() => _socket.Dispose();

    // A server's socket throws what its connection throws, a client's what its stream throws.
    protected override bool IsOfNetwork(Exception exception) => exception is WebSocketException or IOException;

    private static string Fit(string reason)
    {
        while (Encoding.UTF8.GetByteCount(reason) > ReasonBytesMax)
            reason = reason[..^1];
        return reason;
    }
}
