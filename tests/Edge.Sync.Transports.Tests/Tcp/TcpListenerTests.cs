using System.Net;
using System.Text;
using Edge.Sync.Transports.Tcp;

namespace Edge.Sync.Transports.Tests.Tcp;

public class TcpListenerTests
{
    private static readonly IPEndPoint s_anyPort = new(IPAddress.Loopback, 0);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_port_in_use_is_reported_with_what_to_do_and_taken_when_it_is_free()
    {
        var clock = new TestClock();
        var host = new FakeHost(1, clock);
        var occupant = RawTcp.Listen();
        var endPoint = (IPEndPoint)occupant.LocalEndPoint!;
        await using var listener = RunningTransport.Start(new TcpListenerTransport(endPoint), host);
        var report = await host.ReportAsync(LinkState.Faulted);
        Assert.Equal($"tcp-listen:{endPoint}", report.Link);
        Assert.Contains($"Port {endPoint.Port} on 127.0.0.1 is in use by another program. Stop that program or listen on another port", report.Reason, StringComparison.Ordinal);
        Assert.False(listener.HasReturned);

        occupant.Dispose();
        clock.Advance(TcpListenerTransport.WaitMaximum);
        await host.NewestReportAsync($"tcp-listen:{endPoint}", LinkState.Listening);
        using var client = await RawTcp.ConnectAsync(endPoint);
        Assert.Equal(Sessions.Hello(1), await RawTcp.ReceiveExactlyAsync(client, 5));
    }

    [Fact]
    public async Task Port_0_takes_a_free_port_names_it_and_keeps_it_over_a_pause()
    {
        var host = new FakeHost(1);
        var transport = new TcpListenerTransport(s_anyPort);
        IPEndPoint? bound;
        await using (RunningTransport.Start(transport, host))
        {
            var report = await host.ReportAsync(LinkState.Listening);
            bound = transport.BoundEndPoint;
            Assert.NotEqual(0, bound!.Port);
            Assert.Equal($"tcp-listen:127.0.0.1:{bound.Port}", report.Link);
            // Closed by the listener first: its side of the connection stays in TIME-WAIT and must not hold the port.
            using var client = await RawTcp.ConnectAsync(bound);
            await host.UntilAsync(static h => h.RunningSessions == 1);
        }

        var again = new FakeHost(2);
        await using (RunningTransport.Start(transport, again))
        {
            await again.ReportAsync(LinkState.Listening);
            Assert.Equal(bound, transport.BoundEndPoint);
        }
    }

    [Fact]
    public async Task Garbage_disturbs_nobody_else()
    {
        var host = new FakeHost(1);
        var transport = new TcpListenerTransport(s_anyPort);
        await using var listener = RunningTransport.Start(transport, host);
        await host.ReportAsync(LinkState.Listening);
        using var good = await RawTcp.ConnectAsync(transport.BoundEndPoint!);
        await good.SendAsync(Sessions.Hello(7), Token);
        await host.UntilAsync(static h => h.Peers is [7]);

        using (var stranger = await RawTcp.ConnectAsync(transport.BoundEndPoint!))
        {
            await stranger.SendAsync("GET / HTTP/1.1\r\nHost: x\r\n\r\n"u8.ToArray(), Token);
            await RawTcp.ReceiveExactlyAsync(stranger, 5);
            Assert.Equal(0, await RawTcp.ReceiveToEndAsync(stranger));
        }

        await good.SendAsync("still here"u8.ToArray(), Token);
        Assert.Equal("TEST\u0001still here", Encoding.ASCII.GetString(await RawTcp.ReceiveExactlyAsync(good, 15)));
        using var late = await RawTcp.ConnectAsync(transport.BoundEndPoint!);
        await late.SendAsync(Sessions.Hello(8), Token);
        await host.UntilAsync(static h => h.Peers is [7, 8]);
    }

    [Fact]
    public async Task A_peer_over_the_limit_is_turned_away_and_let_in_when_one_leaves()
    {
        var host = new FakeHost(1);
        var transport = new TcpListenerTransport(s_anyPort, connectionsMax: 2);
        await using var listener = RunningTransport.Start(transport, host);
        var link = (await host.ReportAsync(LinkState.Listening)).Link;
        var first = await RawTcp.ConnectAsync(transport.BoundEndPoint!);
        using var second = await RawTcp.ConnectAsync(transport.BoundEndPoint!);
        await first.SendAsync(Sessions.Hello(2), Token);
        await second.SendAsync(Sessions.Hello(3), Token);
        await host.UntilAsync(static h => h.Peers.Count == 2);

        using (var third = await RawTcp.ConnectAsync(transport.BoundEndPoint!))
            Assert.Equal(0, await RawTcp.ReceiveToEndAsync(third));
        await host.NewestReportAsync(link, LinkState.Listening, "All 2 connections are in use");

        await RawTcp.ReceiveExactlyAsync(first, 5);
        first.Dispose();
        await host.ReportAsync(LinkState.Listening, " left.");
        using var fourth = await RawTcp.ConnectAsync(transport.BoundEndPoint!);
        await fourth.SendAsync(Sessions.Hello(4), Token);
        await host.UntilAsync(static h => h.Peers.Order().SequenceEqual<byte>([3, 4]));
        await host.UntilAsync(h => h.Reports.Last(r => r.Link == link).Reason.Length == 0);
        // The places are reused: a listener's status does not grow with the number of visits.
        Assert.Equal([link, $"{link}#1", $"{link}#2"], host.Reports.Select(static r => r.Link).Distinct().Order());
    }
}
