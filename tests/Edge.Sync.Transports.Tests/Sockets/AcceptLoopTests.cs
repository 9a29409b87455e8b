using System.Net.Sockets;
using Edge.Sync.Transports.Sockets;

namespace Edge.Sync.Transports.Tests.Sockets;

public class AcceptLoopTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_failed_accept_is_reported_and_the_next_one_served()
    {
        var clock = new TestClock();
        var host = new FakeHost(1, clock);
        using var stop = new CancellationTokenSource();
        using var accepted = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        var results = new Queue<Socket?>([null, null, accepted]);
        var taken = new List<Socket>();
        var loop = AcceptLoop.RunAsync(host, "tcp-listen:x", "as always", async token =>
        {
            if (results.Count == 0) await Task.Delay(Timeout.Infinite, token);
            return results.Dequeue() ?? throw new SocketException((int)SocketError.TooManyOpenSockets);
        }, taken.Add, stop.Token);

        await clock.AdvanceUntilAsync(host.ReportAsync(LinkState.Listening, "as always"), AcceptLoop.WaitMaximum);
        Assert.Same(accepted, Assert.Single(taken));
        Assert.All(host.Reports.Take(2), report => Assert.Equal(LinkState.Faulted, report.State));
        Assert.Contains("TooManyOpenSockets", host.Reports[0].Reason, StringComparison.Ordinal);
        await stop.CancelAsync();
        await loop.WaitAsync(Signal.Patience, Token);
    }

    [Fact]
    public async Task A_listening_socket_that_only_fails_is_given_up_so_that_it_is_opened_anew()
    {
        var clock = new TestClock();
        var host = new FakeHost(1, clock);
        var calls = 0;
        var loop = AcceptLoop.RunAsync(host, "tcp-listen:x", null, _ =>
        {
            calls++;
            throw new SocketException((int)SocketError.InvalidArgument);
        }, _ => { }, Token);
        await clock.AdvanceUntilAsync(loop, AcceptLoop.WaitMaximum);
        Assert.Equal(AcceptLoop.FailuresMax, calls);
        Assert.Equal(AcceptLoop.FailuresMax, host.Reports.Count(report => report.State == LinkState.Faulted));
    }
}
