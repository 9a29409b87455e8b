using System.Buffers;
using System.IO.Pipelines;
using System.Net.Sockets;
using System.Net.WebSockets;
using Edge.Sync.Transports.WebSockets;

namespace Edge.Sync.Transports.Tests.WebSockets;

public class WebSocketConnectionTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_reader_as_slow_as_can_be_bounds_what_both_ends_hold()
    {
        const long count = 10_000_000;
        using var pool = new CountingPool();
        var (a, b, _) = await PairAsync();
        await using (var sender = new WebSocketConnection(a, TimeProvider.System, pool))
        await using (var receiver = new WebSocketConnection(b, TimeProvider.System, pool))
        {
            await Task.WhenAll(
                Pattern.SendAsync(sender.Output, 1, count, Token),
                Pattern.ReceiveAsync(receiver.Input, 1, count, bite: 1000, fill: WebSocketConnection.PauseBytes - WebSocketConnection.SegmentBytes, Token));
        }

        // Two pipes: each what it may hold, a segment begun at either end, and the one being returned.
        Assert.InRange(pool.PeakBytes, WebSocketConnection.PauseBytes, 2 * (WebSocketConnection.PauseBytes + 3 * WebSocketConnection.SegmentBytes));
        Assert.Equal(0, pool.RentedBytes);
    }

    [Fact]
    public async Task Ten_megabytes_both_ways_arrive_unchanged()
    {
        const long count = 10_000_000;
        var (a, b, _) = await PairAsync();
        await using var first = new WebSocketConnection(a, TimeProvider.System);
        await using var second = new WebSocketConnection(b, TimeProvider.System);
        await Task.WhenAll(
            Pattern.SendAsync(first.Output, 1, count, Token), Pattern.ReceiveAsync(first.Input, 2, count, bite: 2000, fill: 30_000, Token),
            Pattern.SendAsync(second.Output, 2, count, Token), Pattern.ReceiveAsync(second.Input, 1, count, bite: 2000, fill: 30_000, Token));
        Assert.Equal(count, first.ReceivedBytes);
    }

    [Fact]
    public async Task What_was_flushed_before_the_end_arrives_with_the_goodbye()
    {
        var (a, b, _) = await PairAsync();
        await using var receiver = new WebSocketConnection(b, TimeProvider.System);
        var sender = new WebSocketConnection(a, TimeProvider.System);
        await sender.Output.WriteAsync("last words"u8.ToArray(), Token);
        sender.SayGoodbye(WebSocketCloseStatus.EndpointUnavailable, new string('ü', 200));
        var closing = sender.DisposeAsync();
        var result = await receiver.Input.ReadAtLeastAsync(100, Token);
        Assert.True(result.IsCompleted);
        Assert.Equal("last words"u8.ToArray(), result.Buffer.ToArray());
        Assert.Equal((WebSocketCloseStatus.EndpointUnavailable, new string('ü', 61)), receiver.PeerGoodbye);
        Assert.Null(receiver.Fault);
        await receiver.DisposeAsync();
        await closing;
    }

    [Fact]
    public async Task Of_a_text_message_nothing_is_passed_on_and_the_peer_is_told()
    {
        var (a, b, _) = await PairAsync();
        using (a)
        await using (var connection = new WebSocketConnection(b, TimeProvider.System))
        {
            await a.SendAsync("hello"u8.ToArray(), WebSocketMessageType.Text, endOfMessage: true, Token);
            var result = await connection.Input.ReadAsync(Token);
            Assert.True(result is { IsCompleted: true, Buffer.IsEmpty: true });
            var closing = connection.DisposeAsync();
            var said = await a.ReceiveAsync(new byte[10], Token);
            Assert.Equal((WebSocketMessageType.Close, WebSocketCloseStatus.InvalidMessageType), (said.MessageType, a.CloseStatus));
            await a.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, Token);
            await closing;
            Assert.NotNull(connection.Fault);
        }
    }

    [Fact]
    public async Task A_lost_connection_looks_like_a_closed_one_and_has_its_reason()
    {
        var (a, b, socket) = await PairAsync();
        using (a)
        await using (var connection = new WebSocketConnection(b, TimeProvider.System))
        {
            socket.LingerState = new(true, 0);
            socket.Dispose();
            Assert.True((await connection.Input.ReadAsync(Token)).IsCompleted);
            Assert.NotEmpty(connection.Fault!.Message);
        }
    }

    [Fact]
    public async Task A_peer_that_does_not_close_is_cut_after_the_linger_time()
    {
        var clock = new TestClock();
        var (a, b, _) = await PairAsync();
        using (a)
        {
            var closing = new WebSocketConnection(b, clock).DisposeAsync().AsTask();
            await clock.LimitAsync(WebSocketConnection.LingerTime);
            Assert.False(closing.IsCompleted);
            clock.Advance(WebSocketConnection.LingerTime);
            await closing.WaitAsync(Signal.Patience, Token);
        }
    }

    private static async Task<(WebSocket Client, WebSocket Server, Socket ClientSocket)> PairAsync()
    {
        var (a, b) = await RawTcp.PairAsync();
        return (Open(a, isServer: false), Open(b, isServer: true), a);

        static WebSocket Open(Socket socket, bool isServer) =>
            WebSocket.CreateFromStream(new NetworkStream(socket, ownsSocket: true), new WebSocketCreationOptions { IsServer = isServer, KeepAliveInterval = TimeSpan.Zero });
    }
}
