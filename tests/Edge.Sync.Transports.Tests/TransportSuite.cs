using System.IO.Pipelines;

namespace Edge.Sync.Transports.Tests;

/// <summary>What every transport does, run over all of them.</summary>
public class TransportSuite
{
    public static TheoryData<LinkKind> All => [LinkKind.InMemory, LinkKind.Tcp, LinkKind.Lan];

    [Theory, MemberData(nameof(All))]
    public async Task Ten_megabytes_both_ways_arrive_unchanged_at_slow_readers(LinkKind kind)
    {
        const long count = 10_000_000;
        async Task<SessionEnd> ExchangeAsync(FakeHost host, IDuplexPipe connection, CancellationToken token)
        {
            var other = (byte)(3 - host.Id);
            await Task.WhenAll(
                Pattern.SendAsync(connection.Output, host.Id, count, token),
                Pattern.ReceiveAsync(connection.Input, other, count, bite: 2000, fill: 30_000, token));
            host.PeerCame(other);
            return await Sessions.DrainAsync(connection, token);
        }

        FakeHost first = new(1, ExchangeAsync), second = new(2, ExchangeAsync);
        var (a, b) = await kind.StartPairAsync(first, second);
        await using (a)
        await using (b)
        {
            await first.UntilAsync(static host => host.Peers is [2]);
            await second.UntilAsync(static host => host.Peers is [1]);
        }
    }

    [Theory, MemberData(nameof(All))]
    public async Task A_session_is_reported_as_connected_and_its_end_with_a_reason(LinkKind kind)
    {
        FakeHost first = new(1), second = new(2);
        var (a, b) = await kind.StartPairAsync(first, second);
        await using (b)
        {
            await using (a)
            {
                await second.UntilAsync(static host => host.Peers is [1]);
                await second.ReportAsync(LinkState.Connected);
            }

            var link = (await second.ReportAsync(LinkState.Connected)).Link;
            await second.UntilAsync(host => host.Reports.Last(r => r.Link == link) is { State: not LinkState.Connected, Reason.Length: > 0 });
        }
    }

    [Theory, MemberData(nameof(All))]
    public async Task Cancelling_either_side_ends_its_sessions_and_then_the_run(LinkKind kind)
    {
        FakeHost first = new(1), second = new(2);
        var (a, b) = await kind.StartPairAsync(first, second);
        await first.UntilAsync(static host => host.Peers is [2]);
        await second.UntilAsync(static host => host.Peers is [1]);
        await b.DisposeAsync();
        Assert.Equal(0, second.RunningSessions);
        await first.UntilAsync(static host => host.RunningSessions == 0);
        await a.DisposeAsync();
        Assert.True(a.HasReturned && b.HasReturned);
    }

    [Theory, MemberData(nameof(All))]
    public async Task A_session_that_throws_faults_its_link_and_nothing_else(LinkKind kind)
    {
        FakeHost first = new(1, static (_, _, _) => throw new IOException("the disk is full")), second = new(2);
        var (a, b) = await kind.StartPairAsync(first, second);
        await using (a)
        await using (b)
        {
            await first.ReportAsync(LinkState.Faulted, "the disk is full");
            Assert.False(a.HasReturned);
        }
    }
}
