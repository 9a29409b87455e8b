using System.Buffers;
using System.IO.Pipelines;
using System.Net.WebSockets;
using System.Text;

namespace Edge.Sync.Transports.WebSockets;

/// <summary>A web socket (RFC 6455) as a duplex pipe: the bytes of its binary messages, one after the other, whatever messages they came in.</summary>
/// <remarks>
/// Invariants:
/// <list type="bullet">
/// <item>At most <see cref="PauseBytes"/> and one segment wait in either direction. A reader that is slow stops the receive loop, hence the peer's TCP window.</item>
/// <item>The network never throws into a session. A lost connection looks like a peer that closed it; what really happened is in <see cref="Fault"/>.</item>
/// <item>Both loops have ended when <see cref="DisposeAsync"/> has. Reads and writes are cancelled only to abort: a web socket survives neither.</item>
/// </list>
/// </remarks>
internal sealed class WebSocketConnection : IDuplexPipe, IAsyncDisposable
{
    internal const int PauseBytes = 64 * 1024;
    internal const int SegmentBytes = 16 * 1024;

    /// <summary>How long a peer may take to accept our last bytes and to close its side, before the connection is cut.</summary>
    internal static readonly TimeSpan LingerTime = TimeSpan.FromSeconds(2);

    /// <summary>A close frame holds 125 bytes, 2 of them for the status.</summary>
    private const int ReasonBytesMax = 123;

    private readonly WebSocket _socket;
    private readonly TimeProvider _timeProvider;
    private readonly Pipe _received;
    private readonly Pipe _toSend;
    private readonly CancellationTokenSource _abort = new();
    private readonly Task _receiving;
    private readonly Task _sending;
    private readonly Lock _closeLock = new();
    private (WebSocketCloseStatus Status, string Reason) _goodbye = (WebSocketCloseStatus.NormalClosure, "");
    private Task? _closing;
    private string? _fault;
    private long _receivedBytes;

    /// <summary>Takes over <paramref name="socket"/>, which must be open.</summary>
    public WebSocketConnection(WebSocket socket, TimeProvider timeProvider, MemoryPool<byte>? pool = null)
    {
        (_socket, _timeProvider) = (socket, timeProvider);
        var options = new PipeOptions(pool, pauseWriterThreshold: PauseBytes, resumeWriterThreshold: PauseBytes / 2,
            minimumSegmentSize: SegmentBytes, useSynchronizationContext: false);
        _received = new(options);
        _toSend = new(options);
        _receiving = ReceiveAsync();
        _sending = SendAsync();
    }

    public PipeReader Input => _received.Reader;

    public PipeWriter Output => _toSend.Writer;

    /// <summary>What broke the connection; null while it is up and where it was closed in order.</summary>
    public string? Fault => Volatile.Read(ref _fault);

    /// <summary>How many bytes the peer has sent.</summary>
    public long ReceivedBytes => Volatile.Read(ref _receivedBytes);

    /// <summary>What the peer said as it closed; null where it has not.</summary>
    public (WebSocketCloseStatus Status, string? Reason)? PeerGoodbye => _socket.CloseStatus is { } status ? (status, _socket.CloseStatusDescription) : null;

    /// <summary>Says what the peer is told when the connection is disposed. What the connection itself found wrong goes first.</summary>
    public void SayGoodbye(WebSocketCloseStatus status, string reason)
    {
        lock (_closeLock)
            if (_goodbye.Status == WebSocketCloseStatus.NormalClosure) _goodbye = (status, reason);
    }

    /// <summary>
    /// Completes both pipes, sends what was flushed and a close frame, waits for the peer's, at most <see cref="LingerTime"/>, and closes the socket.
    /// May be called more than once; call it when nobody uses the pipes any more.
    /// </summary>
    public ValueTask DisposeAsync()
    {
        lock (_closeLock)
            return new(_closing ??= CloseAsync());
    }

    private async Task CloseAsync()
    {
        await Output.CompleteAsync().ConfigureAwait(false);
        await Input.CompleteAsync().ConfigureAwait(false);

        // As over TCP: closing what holds unread bytes may destroy our last message before the peer has read it, so both loops run to their ends.
        using var limit = new CancellationTokenSource(LingerTime, _timeProvider);
        var onLimit = limit.Token.UnsafeRegister(static abort => ((CancellationTokenSource)abort!).Cancel(), _abort);
        await using (onLimit.ConfigureAwait(false))
            await Task.WhenAll(_receiving, _sending).ConfigureAwait(false);
        _socket.Dispose();
        _abort.Dispose();
    }

    private async Task ReceiveAsync()
    {
        var writer = _received.Writer;
        try
        {
            var wanted = true;
            while (true)
            {
                // Waiting without a buffer: an idle connection holds no memory.
                var waited = await _socket.ReceiveAsync(Memory<byte>.Empty, _abort.Token).ConfigureAwait(false);
                if (waited.MessageType == WebSocketMessageType.Close) break;
                if (!wanted)
                {
                    if (!await DiscardAsync().ConfigureAwait(false)) break;
                    continue;
                }

                var received = await _socket.ReceiveAsync(writer.GetMemory(), _abort.Token).ConfigureAwait(false);
                if (received.MessageType == WebSocketMessageType.Close) break;
                Volatile.Write(ref _receivedBytes, _receivedBytes + received.Count);
                if (received.MessageType == WebSocketMessageType.Text)
                {
                    // Nothing of it is passed on: it looks like a peer that has closed, and the goodbye tells it why.
                    Refuse(WebSocketCloseStatus.InvalidMessageType, "Edge.Sync speaks binary messages, not text.");
                    await writer.CompleteAsync().ConfigureAwait(false);
                    wanted = false;
                    continue;
                }

                writer.Advance(received.Count);
                wanted = !(await writer.FlushAsync(_abort.Token).ConfigureAwait(false)).IsCompleted;
            }
        }
        catch (Exception e) when (IsOfNetwork(e))
        {
            Break(e);
        }

        await writer.CompleteAsync().ConfigureAwait(false);
    }

    private async ValueTask<bool> DiscardAsync()
    {
        var buffer = ArrayPool<byte>.Shared.Rent(SegmentBytes);
        try
        {
            return (await _socket.ReceiveAsync(buffer.AsMemory(), _abort.Token).ConfigureAwait(false)).MessageType != WebSocketMessageType.Close;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private async Task SendAsync()
    {
        var reader = _toSend.Reader;
        try
        {
            while (true)
            {
                var result = await reader.ReadAsync(_abort.Token).ConfigureAwait(false);
                foreach (var segment in result.Buffer)
                    if (!segment.IsEmpty) await _socket.SendAsync(segment, WebSocketMessageType.Binary, endOfMessage: true, _abort.Token).ConfigureAwait(false);
                reader.AdvanceTo(result.Buffer.End);
                if (result.IsCompleted) break;
            }

            (WebSocketCloseStatus Status, string Reason) goodbye;
            lock (_closeLock) goodbye = _goodbye;
            await _socket.CloseOutputAsync(goodbye.Status, Fit(goodbye.Reason), _abort.Token).ConfigureAwait(false);
        }
        catch (Exception e) when (IsOfNetwork(e))
        {
            Break(e);
        }

        await reader.CompleteAsync().ConfigureAwait(false);
    }

    private void Refuse(WebSocketCloseStatus status, string reason)
    {
        SayGoodbye(status, reason);
        Interlocked.CompareExchange(ref _fault, reason, null);
    }

    /// <summary>One direction failed: the other cannot be of use any more.</summary>
    private void Break(Exception cause)
    {
        if (cause is not (OperationCanceledException or ObjectDisposedException)) Interlocked.CompareExchange(ref _fault, cause.Message, null);
        _abort.Cancel();
    }

    // A server's socket throws what its connection throws, a client's what its stream throws.
    private static bool IsOfNetwork(Exception e) => e is WebSocketException or IOException or OperationCanceledException or ObjectDisposedException;

    private static string Fit(string reason)
    {
        while (Encoding.UTF8.GetByteCount(reason) > ReasonBytesMax)
            reason = reason[..^1];
        return reason;
    }
}
