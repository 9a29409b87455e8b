using System.Net;
using System.Net.Sockets;
using Edge.Sync.Transports.Sockets;

namespace Edge.Sync.Transports.Tests.Sockets;

public class SocketConnectorTests
{
    private static readonly TimeSpan s_timeout = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task A_free_port_is_a_refusal_and_no_exception()
    {
        var free = new IPEndPoint(IPAddress.Loopback, 1);
        var (socket, error) = await SocketConnector.ConnectAsync(free, s_timeout, TimeProvider.System, TestContext.Current.CancellationToken);
        Assert.Null(socket);
        Assert.Equal(SocketError.ConnectionRefused, error);
    }

    [Fact]
    public async Task A_name_is_resolved_and_each_of_its_addresses_tried()
    {
        using var listener = RawTcp.Listen();                                     // on 127.0.0.1 only, while localhost may be ::1 first
        var endPoint = new DnsEndPoint("localhost", ((IPEndPoint)listener.LocalEndPoint!).Port);
        var (socket, error) = await SocketConnector.ConnectAsync(endPoint, s_timeout, TimeProvider.System, TestContext.Current.CancellationToken);
        Assert.Equal(SocketError.Success, error);
        Assert.True(socket!.Connected);
        socket.Dispose();
    }

    [Fact]
    public async Task A_socket_connected_to_itself_is_told_from_a_peer()
    {
        // What a dial to a free port may come to when the system draws that port as its source.
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        await socket.ConnectAsync(socket.LocalEndPoint!, TestContext.Current.CancellationToken);
        Assert.True(SocketConnector.IsOwnEcho(socket));
        var (a, b) = await RawTcp.PairAsync();
        Assert.False(SocketConnector.IsOwnEcho(a) || SocketConnector.IsOwnEcho(b));
        a.Dispose();
        b.Dispose();
    }

    [Fact]
    public async Task A_peer_that_does_not_answer_times_out_by_the_clock()
    {
        using var silent = await SilentListener.StartAsync();
        var clock = new TestClock();
        var connecting = SocketConnector.ConnectAsync(silent.EndPoint, s_timeout, clock, TestContext.Current.CancellationToken);
        await clock.LimitAsync(s_timeout);
        clock.Advance(s_timeout);
        Assert.Equal((null, SocketError.TimedOut), await connecting.WaitAsync(Signal.Patience, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Cancelling_ends_an_attempt_under_way()
    {
        using var silent = await SilentListener.StartAsync();
        using var cancel = new CancellationTokenSource();
        var connecting = SocketConnector.ConnectAsync(silent.EndPoint, s_timeout, new TestClock(), cancel.Token);
        Assert.False(connecting.IsCompleted);
        await cancel.CancelAsync();
        Assert.Equal((null, SocketError.OperationAborted), await connecting.WaitAsync(Signal.Patience, TestContext.Current.CancellationToken));
    }

    /// <summary>A listener whose queue is full: on Linux and macOS further dials wait, as they do for an address behind a firewall.</summary>
    private sealed class SilentListener : IDisposable
    {
        private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        private readonly List<Socket> _queued = [];

        public EndPoint EndPoint => _listener.LocalEndPoint!;

        public static async Task<SilentListener> StartAsync()
        {
            var silent = new SilentListener();
            silent._listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
            silent._listener.Listen(0);
            // The queue of length 0 holds one.
            silent._queued.Add(await RawTcp.ConnectAsync(silent.EndPoint));
            return silent;
        }

        public void Dispose()
        {
            _listener.Dispose();
            foreach (var socket in _queued)
                socket.Dispose();
        }
    }
}
