using System.Net;
using Edge.Sync.Transports.Tcp;

namespace Edge.Sync.Transports.Tests.Tcp;

public class TcpDialerTests
{
    private readonly TestClock _clock = new();

    [Fact]
    public async Task While_nobody_listens_it_waits_ever_longer_and_says_why()
    {
        var host = new FakeHost(1, _clock);
        const int port = 1;                                                    // tcpmux: nobody has listened there for decades
        await using var dialer = RunningTransport.Start(new TcpDialerTransport("127.0.0.1", port), host);
        var skip = 0;
        foreach (var ceiling in (double[])[0.25, 0.5, 1, 2, 4, 8, 16, 30, 30])
        {
            (var wait, skip) = await _clock.WaitAsync(skip);
            Assert.InRange(wait.TotalSeconds, ceiling / 2, ceiling);
            _clock.Advance(wait);
        }

        var report = await host.ReportAsync(LinkState.Connecting, "Nobody listens");
        Assert.Equal($"tcp:127.0.0.1:{port}", report.Link);
        Assert.Contains("Trying again in 0.", report.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_comes_back_when_the_listener_does_on_the_same_port_and_waits_briefly_again()
    {
        FakeHost host = new(1, _clock), peer = new(2);
        IPEndPoint endPoint;
        var first = new TcpListenerTransport(new(IPAddress.Loopback, 0));
        await using var stopping = RunningTransport.Start(first, peer);
        await peer.ReportAsync(LinkState.Listening);
        endPoint = first.BoundEndPoint!;
        await using var dialer = RunningTransport.Start(new TcpDialerTransport("127.0.0.1", endPoint.Port), host);
        await host.UntilAsync(static h => h.Peers is [2]);
        await stopping.DisposeAsync();

        await host.ReportAsync(LinkState.Connecting, "The connection was closed.");
        var skip = 0;
        for (var attempt = 0; attempt < 6; attempt++)
        {
            (var wait, skip) = await _clock.WaitAsync(skip);
            if (attempt < 5) _clock.Advance(wait);
            else Assert.True(wait > TimeSpan.FromSeconds(3));
        }

        var peerAgain = new FakeHost(3);
        var again = RunningTransport.Start(new TcpListenerTransport(endPoint), peerAgain);
        await using (again)
        {
            await peerAgain.ReportAsync(LinkState.Listening);
            _clock.Advance(TcpDialerTransport.WaitMaximum);
            await host.UntilAsync(static h => h.Peers is [3]);
        }

        // A session was up, so the back-off started over.
        Assert.InRange((await _clock.WaitAsync(skip)).DueTime, TimeSpan.Zero, TcpDialerTransport.WaitMinimum);
    }

    [Fact]
    public async Task A_refused_session_waits_for_the_longest_time_at_once_and_its_own_report_stands()
    {
        var host = new FakeHost(1, (h, _, _) =>
        {
            h.Report("tcp:127.0.0.1", LinkState.Faulted, "another database");
            return Task.FromResult(SessionEnd.Refused);
        }, _clock);
        using var listener = RawTcp.Listen();
        await using var dialer = RunningTransport.Start(new TcpDialerTransport("127.0.0.1", ((IPEndPoint)listener.LocalEndPoint!).Port), host);
        using var peer = await listener.AcceptAsync(TestContext.Current.CancellationToken);
        Assert.Equal(0, await RawTcp.ReceiveToEndAsync(peer));
        peer.Dispose();

        var (wait, _) = await _clock.WaitAsync();
        Assert.InRange(wait, TcpDialerTransport.WaitMaximum / 2, TcpDialerTransport.WaitMaximum);
        Assert.Equal("another database", host.Reports[^1].Reason);
    }

    [Fact]
    public async Task A_listener_that_accepts_and_closes_without_a_word_is_not_taken_for_a_session()
    {
        var host = new FakeHost(1, _clock);
        using var listener = RawTcp.Listen();
        await using var dialer = RunningTransport.Start(new TcpDialerTransport("127.0.0.1", ((IPEndPoint)listener.LocalEndPoint!).Port), host);
        var (wait, skip) = (TimeSpan.Zero, 0);
        foreach (var ceiling in (double[])[0.25, 0.5, 1, 2])
        {
            _clock.Advance(wait);
            (await listener.AcceptAsync(TestContext.Current.CancellationToken)).Dispose();
            (wait, skip) = await _clock.WaitAsync(skip);
            Assert.InRange(wait.TotalSeconds, ceiling / 2, ceiling);
        }
    }

    [Fact]
    public async Task Its_own_listener_is_left_alone_for_good()
    {
        var host = new FakeHost(1, _clock);
        var transport = new TcpListenerTransport(new(IPAddress.Loopback, 0));
        await using var listener = RunningTransport.Start(transport, host);
        await host.ReportAsync(LinkState.Listening);
        var dialer = RunningTransport.Start(new TcpDialerTransport("127.0.0.1", transport.BoundEndPoint!.Port), host);
        await using (dialer)
        {
            await host.ReportAsync(LinkState.Listening, "this replica's own", link: $"tcp:127.0.0.1:{transport.BoundEndPoint.Port}");
            _clock.Advance(TimeSpan.FromDays(1));
            Assert.False(dialer.HasReturned);
        }

        Assert.Equal(2, host.StartedSessions);                                 // both ends of the one attempt
        Assert.DoesNotContain(_clock.Timers, static timer => !timer.IsLimit && timer.DueTime > TimeSpan.Zero);
    }

    [Theory]
    [InlineData("hub.example", "tcp:hub.example:80")]
    [InlineData("::1", "tcp:[::1]:80")]
    public void Links_are_named_for_host_and_port(string host, string name) => Assert.Equal(name, new TcpDialerTransport(host, 80).Name);
}
