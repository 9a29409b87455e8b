using System.Buffers;
using System.IO.Pipelines;

namespace Edge.Sync.Transports;

/// <summary>What comes from a network and goes to it as a duplex pipe: one receive loop and one send loop, no thread of its own.</summary>
/// <remarks>
/// Invariants:
/// <list type="bullet">
/// <item>At most <see cref="PauseBytes"/> and one segment wait in either direction. A reader that is slow stops the receive loop, hence the peer's TCP window, hence the peer's writer.</item>
/// <item>The network never throws into a session. A lost connection looks like a peer that closed it: the input ends, flushes say completed. What really happened is in <see cref="Fault"/>.</item>
/// <item>The peer's end of stream ends the input only; the output goes on until it is completed.</item>
/// <item>Both loops have ended when <see cref="DisposeAsync"/> has. Reads and writes are cancelled only to abort.</item>
/// </list>
/// </remarks>
internal abstract class PipedConnection : IDuplexPipe, IAsyncDisposable
{
    internal const int PauseBytes = 64 * 1024;
    internal const int SegmentBytes = 16 * 1024;

    private readonly TimeProvider _timeProvider;
    private readonly TimeSpan _linger;
    private readonly Pipe _received;
    private readonly Pipe _toSend;
    private readonly CancellationTokenSource _abort = new();
    private readonly Lock _closeLock = new();
    private Task _receiving = Task.CompletedTask;
    private Task _sending = Task.CompletedTask;
    private Task? _closing;
    private Exception? _fault;
    private long _receivedBytes;

    /// <param name="timeProvider">What <paramref name="linger"/> is measured by.</param>
    /// <param name="linger">How long a peer may take to accept our last bytes and to close its side, before the connection is cut.</param>
    /// <param name="pool">Where both pipes take their memory from; null for the shared one.</param>
    protected PipedConnection(TimeProvider timeProvider, TimeSpan linger, MemoryPool<byte>? pool)
    {
        (_timeProvider, _linger) = (timeProvider, linger);
        var options = new PipeOptions(pool, pauseWriterThreshold: PauseBytes, resumeWriterThreshold: PauseBytes / 2,
            minimumSegmentSize: SegmentBytes, useSynchronizationContext: false);
        _received = new(options);
        _toSend = new(options);
    }

    /// <summary>What receiving has brought.</summary>
    protected enum Received
    {
        /// <summary>Bytes, or none yet.</summary>
        Bytes,

        /// <summary>The peer has closed its side.</summary>
        End,

        /// <summary>What this connection does not take: nothing of it is passed on, and the input ends.</summary>
        Refused,
    }

    public PipeReader Input => _received.Reader;

    public PipeWriter Output => _toSend.Writer;

    /// <summary>What broke the connection; null while it is up and where it was closed in order.</summary>
    public Exception? Fault => Volatile.Read(ref _fault);

    /// <summary>How many bytes the peer has sent.</summary>
    public long ReceivedBytes => Volatile.Read(ref _receivedBytes);

    /// <summary>
    /// Completes both pipes, sends what was flushed, waits for the peer to close its side, as long as it may linger, and closes the connection.
    /// May be called more than once; call it when nobody uses the pipes any more.
    /// </summary>
    public ValueTask DisposeAsync()
    {
        lock (_closeLock)
            return new(_closing ??= CloseAsync());
    }

    /// <summary>Begins both loops. The last thing that a constructor does.</summary>
    protected void Start()
    {
        _receiving = ReceiveAsync();
        _sending = SendAsync();
    }

    /// <summary>Receives at most as many bytes as there is room for. With no room it waits until there is something: an idle connection holds no memory.</summary>
    protected abstract ValueTask<(Received Kind, int Count)> ReceiveAsync(Memory<byte> buffer, CancellationToken cancellationToken);

    /// <summary>Sends all of <paramref name="bytes"/>, which are not empty.</summary>
    protected abstract ValueTask SendAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken);

    /// <summary>Tells the peer that nothing more will be sent.</summary>
    protected abstract ValueTask FinishSendingAsync(CancellationToken cancellationToken);

    /// <summary>Frees what the connection lies on. Both loops have ended.</summary>
    protected abstract void Release();

    /// <summary>Whether the network threw <paramref name="exception"/>, rather than a mistake of ours.</summary>
    protected abstract bool IsOfNetwork(Exception exception);

    /// <summary>Notes what was wrong first.</summary>
    protected void SetFault(Exception fault) => Interlocked.CompareExchange(ref _fault, fault, null);

    private async Task CloseAsync()
    {
        await Output.CompleteAsync().ConfigureAwait(false);
        await Input.CompleteAsync().ConfigureAwait(false);

        // Closing what holds unread bytes resets it, and a reset may destroy our last message before the peer has read it.
        // So both loops run to their ends: ours after the last byte, the peer's after its end of stream.
        using var limit = new CancellationTokenSource(_linger, _timeProvider);
        var onLimit = limit.Token.UnsafeRegister(static abort => ((CancellationTokenSource)abort!).Cancel(), _abort);
        await using (onLimit.ConfigureAwait(false))
            await Task.WhenAll(_receiving, _sending).ConfigureAwait(false);
        Release();
        _abort.Dispose();
    }

    private async Task ReceiveAsync()
    {
        var writer = _received.Writer;
        try
        {
            var isWanted = true;
            while ((await ReceiveAsync(Memory<byte>.Empty, _abort.Token).ConfigureAwait(false)).Kind != Received.End)
            {
                var (kind, count) = isWanted ? await ReceiveAsync(writer.GetMemory(), _abort.Token).ConfigureAwait(false) : await DiscardAsync().ConfigureAwait(false);
                if (kind == Received.End) break;
                if (!isWanted) continue;
                Volatile.Write(ref _receivedBytes, _receivedBytes + count);
                if (kind == Received.Refused)
                {
                    await writer.CompleteAsync().ConfigureAwait(false);
                    isWanted = false;
                    continue;
                }
                writer.Advance(count);
                isWanted = !(await writer.FlushAsync(_abort.Token).ConfigureAwait(false)).IsCompleted;
            }
        }
        catch (Exception e) when (IsOfConnection(e))
        {
            Break(e);
        }

        await writer.CompleteAsync().ConfigureAwait(false);
    }

    private async ValueTask<(Received Kind, int Count)> DiscardAsync()
    {
        var buffer = ArrayPool<byte>.Shared.Rent(SegmentBytes);
        try
        {
            return await ReceiveAsync(buffer, _abort.Token).ConfigureAwait(false);
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
                    if (!segment.IsEmpty) await SendAsync(segment, _abort.Token).ConfigureAwait(false);
                reader.AdvanceTo(result.Buffer.End);
                if (result.IsCompleted) break;
            }

            await FinishSendingAsync(_abort.Token).ConfigureAwait(false);
        }
        catch (Exception e) when (IsOfConnection(e))
        {
            Break(e);
        }

        await reader.CompleteAsync().ConfigureAwait(false);
    }

    /// <summary>One direction failed: the other cannot be of use any more.</summary>
    private void Break(Exception cause)
    {
        if (!IsOfClosing(cause)) SetFault(cause);
        _abort.Cancel();
    }

    private bool IsOfConnection(Exception e) => IsOfClosing(e) || IsOfNetwork(e);

    private static bool IsOfClosing(Exception e) => e is OperationCanceledException or ObjectDisposedException;
}
