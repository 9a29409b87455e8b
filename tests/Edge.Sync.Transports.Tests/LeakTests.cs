using System.Net;
using Edge.Sync.Transports.Lan;
using Edge.Sync.Transports.Tcp;

namespace Edge.Sync.Transports.Tests;

[CollectionDefinition(nameof(RunsAlone), DisableParallelization = true)]
public class RunsAlone;

/// <summary>Counts this process's sockets, so nothing else may run meanwhile.</summary>
[Collection(nameof(RunsAlone))]
public class LeakTests
{
    [Fact]
    public async Task Cancelling_leaves_no_socket_open()
    {
        var before = OpenSockets();
        var place = LinkKinds.MeetingPlace();
        FakeHost[] hosts = [new(1), new(2), new(3)];
        var listener = new TcpListenerTransport(new(IPAddress.Loopback, 0));
        var running = new List<RunningTransport> { RunningTransport.Start(listener, hosts[0]) };
        await hosts[0].ReportAsync(LinkState.Listening);
        var endPoint = listener.BoundEndPoint!;
        running.Add(RunningTransport.Start(new TcpDialerTransport("localhost", endPoint.Port), hosts[1]));
        running.Add(RunningTransport.Start(new TcpDialerTransport("127.0.0.1", 1), hosts[1]));        // nobody there
        foreach (var host in hosts)
            running.Add(RunningTransport.Start(new LanTransport(place), host));
        await hosts[0].UntilAsync(static h => h.Peers.Count == 3);
        await hosts[1].UntilAsync(static h => h.Peers.Count == 3);
        using (var silent = await RawTcp.ConnectAsync(endPoint))
        {
            await hosts[0].UntilAsync(static h => h.RunningSessions == 4);
            Assert.True(OpenSockets() > before || !OperatingSystem.IsLinux());
            await Task.WhenAll(running.Select(static transport => transport.DisposeAsync().AsTask()));
            await RawTcp.ReceiveToEndAsync(silent);
        }

        Assert.All(running, static transport => Assert.True(transport.HasReturned));
        Assert.All(hosts, static host => Assert.Equal(0, host.RunningSessions));
        Assert.Equal(before, OpenSockets());
        await Assert.ThrowsAsync<System.Net.Sockets.SocketException>(() => RawTcp.ConnectAsync(endPoint));
    }

    // Elsewhere it counts none; what a peer sees of a close is asserted everywhere.
    private static int OpenSockets() => !OperatingSystem.IsLinux() ? 0
        : new DirectoryInfo("/proc/self/fd").EnumerateFiles().Count(static file => file.LinkTarget?.StartsWith("socket:", StringComparison.Ordinal) == true);
}
