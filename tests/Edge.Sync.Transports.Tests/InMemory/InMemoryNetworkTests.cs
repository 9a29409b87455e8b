using System.IO.Pipelines;
using Edge.Sync.Transports.InMemory;

namespace Edge.Sync.Transports.Tests.InMemory;

public class InMemoryNetworkTests
{
    private readonly TestClock _clock = new();
    private readonly InMemoryNetwork _network = new();

    [Fact]
    public async Task A_cut_ends_the_session_and_healing_starts_the_next_without_a_wait()
    {
        _network.Connect("alice", "bob");
        FakeHost alice = new(1, _clock), bob = new(2, _clock);
        await using var a = Run("alice", alice);
        await using var b = Run("bob", bob);
        await alice.UntilAsync(static h => h.Peers is [2]);
        await bob.UntilAsync(static h => h.Peers is [1]);

        _network.Cut("bob", "alice");
        await alice.NewestReportAsync("memory:alice->bob", LinkState.Connecting, "was cut");
        await bob.NewestReportAsync("memory:bob->alice", LinkState.Connecting, "was cut");
        Assert.Equal((1, 1), (alice.StartedSessions, bob.StartedSessions));

        _network.Heal("alice", "bob");
        await alice.UntilAsync(static h => h.Peers is [2]);
        await bob.UntilAsync(static h => h.Peers is [1]);
        Assert.Equal((2, 2), (alice.StartedSessions, bob.StartedSessions));
        Assert.Empty(_clock.Timers);
    }

    [Fact]
    public async Task A_cut_ends_a_session_whose_peer_does_not_read()
    {
        var wrote = new TaskCompletionSource<bool>();
        var network = new InMemoryNetwork(pauseBytes: 1000);
        network.Connect("writer", "sleeper");
        var sleeper = new FakeHost(1, static async (_, connection, token) =>
        {
            await Task.Delay(Timeout.Infinite, token);
            return SessionEnd.Closed;
        });
        var writer = new FakeHost(2, async (_, connection, token) =>
        {
            while (true)
            {
                var flush = connection.Output.WriteAsync(new byte[500], token);
                if (flush.IsCompleted && !(await flush).IsCompleted) continue;
                wrote.TrySetResult(true);
                if ((await flush).IsCompleted) return SessionEnd.Closed;
            }
        });
        await using var a = RunningTransport.Start(new InMemoryTransport(network, "sleeper"), sleeper);
        await using var b = RunningTransport.Start(new InMemoryTransport(network, "writer"), writer);
        await wrote.Task.WaitAsync(Signal.Patience, TestContext.Current.CancellationToken);
        network.Cut("writer", "sleeper");
        await writer.ReportAsync(LinkState.Connecting, "was cut");
    }

    [Fact]
    public async Task A_reader_as_slow_as_can_be_holds_its_writer_up()
    {
        const int pauseBytes = 20_000;
        const long count = 2_000_000;
        long sent = 0, received = 0, ahead = 0;
        var network = new InMemoryNetwork(pauseBytes);
        network.Connect("fast", "slow");
        var slow = new FakeHost(1, async (host, connection, token) =>
        {
            await Pattern.ReceiveAsync(connection.Input, 2, count, bite: 1000, fill: pauseBytes - 5000, token, position => Volatile.Write(ref received, position));
            host.PeerCame(2);
            return await Sessions.DrainAsync(connection, token);
        });
        var fast = new FakeHost(2, async (_, connection, token) =>
        {
            await Pattern.SendAsync(connection.Output, 2, count, token, position => ahead = Math.Max(ahead, (sent = position) - Volatile.Read(ref received)));
            return await Sessions.DrainAsync(connection, token);
        });
        await using var a = RunningTransport.Start(new InMemoryTransport(network, "slow"), slow);
        await using var b = RunningTransport.Start(new InMemoryTransport(network, "fast"), fast);
        await slow.UntilAsync(static h => h.Peers is [2]);
        Assert.Equal(count, sent);
        // Both pipes full, what is carried between them, and a bite; each with a write of 5000 bytes that begins below the mark.
        Assert.InRange(ahead, 5000, 4 * (pauseBytes + 5000));
    }

    [Fact]
    public async Task Links_may_be_laid_before_and_after_endpoints_run_and_join_only_their_two()
    {
        FakeHost alice = new(1), bob = new(2), hub = new(3);
        _network.Connect("alice", "hub");
        await using var a = Run("alice", alice);
        await using var b = Run("bob", bob);
        await using var h = Run("hub", hub);
        await alice.UntilAsync(static x => x.Peers is [3]);
        _network.Connect("hub", "bob");
        _network.Connect("bob", "hub");
        await bob.UntilAsync(static x => x.Peers is [3]);
        await hub.UntilAsync(static x => x.Peers.Order().SequenceEqual<byte>([1, 2]));
        Assert.Equal((1, 1, 2), (alice.StartedSessions, bob.StartedSessions, hub.StartedSessions));
    }

    [Fact]
    public async Task An_endpoint_that_comes_back_is_met_at_once()
    {
        _network.Connect("alice", "bob");
        FakeHost alice = new(1, _clock), bob = new(2, _clock), bobAgain = new(3, _clock);
        await using var a = Run("alice", alice);
        await using (Run("bob", bob))
            await alice.UntilAsync(static h => h.Peers is [2]);
        await using var b = Run("bob", bobAgain);
        await alice.UntilAsync(static h => h.Peers is [3]);
        Assert.Empty(_clock.Timers);
    }

    [Fact]
    public async Task Sessions_that_end_by_themselves_are_tried_again_after_a_wait_and_refused_ones_after_a_long_one()
    {
        _network.Connect("alice", "bob");
        FakeHost alice = new(1, static (_, _, _) => Task.FromResult(SessionEnd.Closed), _clock);
        FakeHost bob = new(2, static (_, _, _) => Task.FromResult(SessionEnd.Refused), _clock);
        await using var a = Run("alice", alice);
        await using var b = Run("bob", bob);
        var (first, skip) = await _clock.WaitAsync();
        var (second, _) = await _clock.WaitAsync(skip);
        Assert.InRange(first < second ? first : second, TimeSpan.Zero, InMemoryTransport.WaitMinimum);
        Assert.InRange(first < second ? second : first, InMemoryTransport.WaitMaximum / 2, InMemoryTransport.WaitMaximum);
        await _clock.AdvanceUntilAsync(alice.UntilAsync(static h => h.StartedSessions == 2), InMemoryTransport.WaitMaximum);
    }

    [Fact]
    public async Task Two_databases_of_one_name_take_turns_and_the_second_is_told()
    {
        _network.Connect("alice", "bob");
        FakeHost bob = new(1), alice = new(2), other = new(3);
        await using var b = Run("bob", bob);
        var first = Run("alice", alice);
        await bob.UntilAsync(static h => h.Peers is [2]);
        await using var second = Run("alice", other);
        await other.ReportAsync(LinkState.Faulted, "'alice' is used by another database");
        await first.DisposeAsync();
        await bob.UntilAsync(static h => h.Peers is [3]);
    }

    [Fact]
    public void Slips_are_named()
    {
        Assert.Contains("call Connect first", Assert.Throws<ArgumentException>(() => _network.Cut("alice", "bob")).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => _network.Heal("alice", "bob"));
        Assert.Throws<ArgumentException>(() => _network.Connect("alice", "alice"));
        Assert.Throws<ArgumentOutOfRangeException>(() => new InMemoryNetwork(0));
    }

    private RunningTransport Run(string name, FakeHost host) => RunningTransport.Start(new InMemoryTransport(_network, name), host);
}
