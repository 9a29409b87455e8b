using System.Buffers;
using System.IO.Pipelines;
using System.Net.Sockets;
using Edge.Sync.Transports.Sockets;

namespace Edge.Sync.Transports.Tests.Sockets;

public class SocketConnectionTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_reader_as_slow_as_can_be_bounds_what_both_ends_hold()
    {
        const long count = 10_000_000;
        using var pool = new CountingPool();
        var (a, b) = await RawTcp.PairAsync();
        await using (var sender = new SocketConnection(a, TimeProvider.System, pool))
        await using (var receiver = new SocketConnection(b, TimeProvider.System, pool))
        {
            await Task.WhenAll(
                Pattern.SendAsync(sender.Output, 1, count, Token),
                Pattern.ReceiveAsync(receiver.Input, 1, count, bite: 1000, fill: SocketConnection.PauseBytes - SocketConnection.SegmentBytes, Token));
        }

        // Two pipes: each what it may hold, a segment begun at either end, and the one being returned.
        Assert.InRange(pool.PeakBytes, SocketConnection.PauseBytes, 2 * (SocketConnection.PauseBytes + 3 * SocketConnection.SegmentBytes));
        Assert.Equal(0, pool.RentedBytes);
    }

    [Fact]
    public async Task An_idle_connection_holds_no_buffer()
    {
        using var pool = new CountingPool();
        var (a, b) = await RawTcp.PairAsync();
        using (a)
        await using (var connection = new SocketConnection(b, TimeProvider.System, pool))
        {
            await a.SendAsync("ping"u8.ToArray(), Token);
            var result = await connection.Input.ReadAtLeastAsync(4, Token);
            connection.Input.AdvanceTo(result.Buffer.End);
            // The segment that held the ping may be kept for what comes next; nothing more is rented while nothing comes.
            Assert.InRange(pool.PeakBytes, 1, SocketConnection.SegmentBytes);
            a.Shutdown(SocketShutdown.Both);
        }
    }

    [Fact]
    public async Task The_peers_end_of_stream_ends_the_input_and_leaves_the_output_open()
    {
        var (peer, b) = await RawTcp.PairAsync();
        using (peer)
        await using (var connection = new SocketConnection(b, TimeProvider.System))
        {
            await peer.SendAsync("last words"u8.ToArray(), Token);
            peer.Shutdown(SocketShutdown.Send);
            var result = await connection.Input.ReadAtLeastAsync(100, Token);
            Assert.True(result.IsCompleted);
            Assert.Equal("last words"u8.ToArray(), result.Buffer.ToArray());
            connection.Input.AdvanceTo(result.Buffer.End);

            var flushed = await connection.Output.WriteAsync("an answer"u8.ToArray(), Token);
            Assert.False(flushed.IsCompleted);
            Assert.Equal("an answer"u8.ToArray(), await RawTcp.ReceiveExactlyAsync(peer, 9));
            Assert.Null(connection.Fault);
        }
    }

    [Fact]
    public async Task Disposing_delivers_what_was_flushed_although_unread_bytes_wait_and_may_be_done_twice()
    {
        var (peer, b) = await RawTcp.PairAsync();
        using var _ = peer;
        var connection = new SocketConnection(b, TimeProvider.System);
        await peer.SendAsync(new byte[200_000], Token);                       // never read by the session
        await connection.Output.WriteAsync(new byte[50_000], Token);
        var first = connection.DisposeAsync().AsTask();
        var second = connection.DisposeAsync().AsTask();
        Assert.Equal(50_000, (await RawTcp.ReceiveExactlyAsync(peer, 50_000)).Length);
        Assert.Equal(0, await peer.ReceiveAsync(new byte[1], Token));         // an end of stream, not a reset
        for (var i = 0; i < 200; i++)
            await peer.SendAsync(new byte[5000], Token);                      // and the peer may finish what it was saying
        peer.Shutdown(SocketShutdown.Send);
        await Task.WhenAll(first, second);
        await connection.DisposeAsync();
        Assert.True(b.SafeHandle.IsClosed);
    }

    [Fact]
    public async Task A_reset_ends_both_directions_without_an_exception_and_is_kept_as_the_fault()
    {
        var (peer, b) = await RawTcp.PairAsync();
        await using var connection = new SocketConnection(b, TimeProvider.System);
        peer.LingerState = new(true, 0);
        peer.Dispose();
        var result = await connection.Input.ReadAsync(Token);
        Assert.True(result.IsCompleted);
        Assert.True(result.Buffer.IsEmpty);
        FlushResult flushed;
        do
        {
            flushed = await connection.Output.WriteAsync(new byte[100], Token);
        }
        while (!flushed.IsCompleted);
        Assert.Equal(SocketError.ConnectionReset, Assert.IsType<SocketException>(connection.Fault).SocketErrorCode);
    }

    [Fact]
    public async Task A_peer_that_neither_reads_nor_closes_is_cut_when_the_linger_time_is_over()
    {
        var clock = new TestClock();
        var (peer, b) = await RawTcp.PairAsync();
        using var _ = peer;
        var connection = new SocketConnection(b, clock);
        var closing = connection.DisposeAsync().AsTask();
        await clock.LimitAsync(SocketConnection.LingerTime);
        Assert.False(closing.IsCompleted);
        clock.Advance(SocketConnection.LingerTime);
        await closing.WaitAsync(Signal.Patience, Token);
        Assert.True(b.SafeHandle.IsClosed);
        Assert.Null(connection.Fault);
    }

    [Fact]
    public async Task Ten_megabytes_go_both_ways_at_once()
    {
        const long count = 10_000_000;
        var (a, b) = await RawTcp.PairAsync();
        await using var first = new SocketConnection(a, TimeProvider.System);
        await using var second = new SocketConnection(b, TimeProvider.System);
        await Task.WhenAll(
            Pattern.SendAsync(first.Output, 1, count, Token), Pattern.ReceiveAsync(second.Input, 1, count, int.MaxValue, 1, Token),
            Pattern.SendAsync(second.Output, 2, count, Token), Pattern.ReceiveAsync(first.Input, 2, count, int.MaxValue, 1, Token));
        Assert.Equal(count, first.ReceivedBytes);
        Assert.Equal(count, second.ReceivedBytes);
    }
}
