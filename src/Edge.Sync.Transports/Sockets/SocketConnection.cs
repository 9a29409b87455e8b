using System.Buffers;
using System.IO.Pipelines;
using System.Net.Sockets;

namespace Edge.Sync.Transports.Sockets;

/// <summary>A connected socket as a duplex pipe: one receive loop and one send loop, no thread of its own.</summary>
/// <remarks>
/// Invariants:
/// <list type="bullet">
/// <item>At most <see cref="PauseBytes"/> and one segment wait in either direction. A reader that is slow stops the receive loop, hence the
/// peer's TCP window, hence the peer's writer.</item>
/// <item>The network never throws into a session. A lost connection looks like a peer that closed it: the input ends, flushes say completed.
/// What really happened is in <see cref="Fault"/>.</item>
/// <item>The peer's end of stream ends the input only; the output goes on until it is completed (half-close).</item>
/// <item>Both loops have ended when <see cref="DisposeAsync"/> has.</item>
/// </list>
/// </remarks>
internal sealed class SocketConnection : IDuplexPipe, IAsyncDisposable
{
    internal const int PauseBytes = 64 * 1024;
    internal const int SegmentBytes = 16 * 1024;

    /// <summary>How long a peer may take to accept our last bytes and to close its side, before the connection is cut.</summary>
    internal static readonly TimeSpan LingerTime = TimeSpan.FromSeconds(1);

    private readonly Socket _socket;
    private readonly TimeProvider _timeProvider;
    private readonly Pipe _received;
    private readonly Pipe _toSend;
    private readonly CancellationTokenSource _abort = new();
    private readonly Task _receiving;
    private readonly Task _sending;
    private readonly Lock _closeLock = new();
    private Task? _closing;
    private Exception? _fault;
    private long _receivedBytes;

    /// <summary>Takes over <paramref name="socket"/>, which must be connected.</summary>
    public SocketConnection(Socket socket, TimeProvider timeProvider, MemoryPool<byte>? pool = null)
    {
        _socket = socket;
        _timeProvider = timeProvider;
        var options = new PipeOptions(pool, pauseWriterThreshold: PauseBytes, resumeWriterThreshold: PauseBytes / 2,
            minimumSegmentSize: SegmentBytes, useSynchronizationContext: false);
        _received = new(options);
        _toSend = new(options);
        Configure(socket);
        _receiving = ReceiveAsync();
        _sending = SendAsync();
    }

    public PipeReader Input => _received.Reader;

    public PipeWriter Output => _toSend.Writer;

    /// <summary>What broke the connection; null while it is up and where it was closed in order.</summary>
    public Exception? Fault => Volatile.Read(ref _fault);

    /// <summary>How many bytes the peer has sent.</summary>
    public long ReceivedBytes => Volatile.Read(ref _receivedBytes);

    /// <summary>
    /// Completes both pipes, sends what was flushed, waits for the peer to close its side, at most <see cref="LingerTime"/>, and closes the socket.
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

        // Closing a socket that holds unread bytes resets it, and a reset may destroy our last message before the peer has read it.
        // So both loops run to their ends: ours after the last byte, the peer's after its end of stream.
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
                await _socket.ReceiveAsync(Memory<byte>.Empty, SocketFlags.None, _abort.Token).ConfigureAwait(false);
                if (!wanted)
                {
                    if (!await DiscardAsync().ConfigureAwait(false)) break;
                    continue;
                }

                var count = await _socket.ReceiveAsync(writer.GetMemory(), SocketFlags.None, _abort.Token).ConfigureAwait(false);
                if (count == 0) break;
                Volatile.Write(ref _receivedBytes, _receivedBytes + count);
                writer.Advance(count);
                wanted = !(await writer.FlushAsync(_abort.Token).ConfigureAwait(false)).IsCompleted;
            }
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException or ObjectDisposedException)
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
            return await _socket.ReceiveAsync(buffer, SocketFlags.None, _abort.Token).ConfigureAwait(false) != 0;
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
                    await SendAllAsync(segment).ConfigureAwait(false);
                reader.AdvanceTo(result.Buffer.End);
                if (result.IsCompleted) break;
            }

            _socket.Shutdown(SocketShutdown.Send);
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException or ObjectDisposedException)
        {
            Break(e);
        }

        await reader.CompleteAsync().ConfigureAwait(false);
    }

    private async ValueTask SendAllAsync(ReadOnlyMemory<byte> bytes)
    {
        while (!bytes.IsEmpty)
            bytes = bytes[await _socket.SendAsync(bytes, SocketFlags.None, _abort.Token).ConfigureAwait(false)..];
    }

    /// <summary>One direction failed: the other cannot be of use any more.</summary>
    private void Break(Exception cause)
    {
        if (cause is SocketException) Interlocked.CompareExchange(ref _fault, cause, null);
        _abort.Cancel();
    }

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
