using System.Net;
using System.Net.Sockets;
using Edge.Sync.Transports.Lan;

namespace Edge.Sync.Transports.Tests.Lan;

/// <summary>The names are of this process alone; a candidate port that some other program happens to hold disturbs none of these tests.</summary>
public class LanTransportTests
{
    private static readonly TimeSpan s_round = LanProber.RoundMaximum;

    private readonly TestClock _clock = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Three_participants_connect_pairwise_exactly_once()
    {
        var place = LinkKinds.MeetingPlace();
        FakeHost[] hosts = [new(1, _clock), new(2, _clock), new(3, _clock)];
        await using var a = RunningTransport.Start(new LanTransport(place), hosts[0]);
        await hosts[0].ReportAsync(LinkState.Listening);
        await using var b = RunningTransport.Start(new LanTransport(place), hosts[1]);
        await hosts[1].ReportAsync(LinkState.Listening);
        await using var c = RunningTransport.Start(new LanTransport(place), hosts[2]);
        foreach (var host in hosts)
            await host.UntilAsync(static h => h.Peers.Count == 2);

        await RoundsAsync(10);
        foreach (var host in hosts)
        {
            Assert.Equal(hosts.Select(static h => h.Id).Except([host.Id]), host.Peers.Order());
            Assert.Equal(2, host.StartedSessions);
        }
    }

    [Fact]
    public async Task The_lowest_leaves_and_the_newcomer_at_its_port_is_found_by_the_others()
    {
        // By the real clock: rounds must not outrun the sockets.
        var place = LinkKinds.MeetingPlace();
        FakeHost lowest = new(1), b = new(2), c = new(3), newcomer = new(4);
        var leaving = RunningTransport.Start(new LanTransport(place), lowest);
        var port = (await lowest.ReportAsync(LinkState.Listening)).Reason;
        await using var second = RunningTransport.Start(new LanTransport(place), b);
        await using var third = RunningTransport.Start(new LanTransport(place), c);
        await b.UntilAsync(static h => h.Peers.Count == 2);
        await c.UntilAsync(static h => h.Peers.Count == 2);
        await leaving.DisposeAsync();
        await b.UntilAsync(static h => h.Peers is [3]);
        await c.UntilAsync(static h => h.Peers is [2]);

        await using var first = RunningTransport.Start(new LanTransport(place), newcomer);
        Assert.Equal(port, (await newcomer.ReportAsync(LinkState.Listening)).Reason);
        await newcomer.UntilAsync(static h => h.Peers.Order().SequenceEqual<byte>([2, 3]));
        await b.UntilAsync(static h => h.Peers.Order().SequenceEqual<byte>([3, 4]));
        await c.UntilAsync(static h => h.Peers.Order().SequenceEqual<byte>([2, 4]));
        Assert.Equal((3, 3, 2), (b.StartedSessions, c.StartedSessions, newcomer.StartedSessions));
    }

    [Fact]
    public async Task A_port_held_by_another_program_is_left_alone_for_a_while_and_others_are_met()
    {
        var place = LinkKinds.MeetingPlace();
        using var stranger = FreeCandidates(place).First();
        var endPoint = (IPEndPoint)stranger.LocalEndPoint!;
        FakeHost a = new(1, _clock), b = new(2, _clock);
        await using var first = RunningTransport.Start(new LanTransport(place), a);
        await a.ReportAsync(LinkState.Listening);
        await using var second = RunningTransport.Start(new LanTransport(place), b);
        var visits = await AnswerTwoAsync(stranger);
        await a.ReportAsync(LinkState.Connecting, $"{endPoint} is held by another program");
        await b.ReportAsync(LinkState.Connecting, $"{endPoint} is held by another program");
        await b.UntilAsync(static h => h.Peers is [1]);
        Assert.Equal(2, visits);

        var asked = stranger.AcceptAsync(Token).AsTask();
        await RoundsAsync((int)(LanProber.LeaveAloneTime / s_round) - 1);
        Assert.False(asked.IsCompleted);
        await RoundsAsync(1);
        (await asked.WaitAsync(Signal.Patience, Token)).Dispose();
    }

    [Fact]
    public async Task A_stranger_who_dials_is_turned_away_without_an_answer_and_without_a_session()
    {
        var place = LinkKinds.MeetingPlace();
        var host = new FakeHost(1, _clock);
        await using var first = RunningTransport.Start(new LanTransport(place), host);
        var endPoint = IPEndPoint.Parse((await host.ReportAsync(LinkState.Listening)).Reason[3..^1]);
        using (var stranger = await RawTcp.ConnectAsync(endPoint))
        {
            await stranger.SendAsync("EDGELAN1, more or less, is what I say"u8.ToArray(), Token);
            Assert.Equal(0, await RawTcp.ReceiveToEndAsync(stranger));
        }

        await host.ReportAsync(LinkState.Listening, "not of this meeting place");
        using (var silent = await RawTcp.ConnectAsync(endPoint))
        {
            var (_, skip) = await _clock.LimitAsync(LanGreeting.Timeout);         // the other stranger's
            await _clock.LimitAsync(LanGreeting.Timeout, skip);
            _clock.Advance(LanGreeting.Timeout);
            Assert.Equal(0, await RawTcp.ReceiveToEndAsync(silent));
        }

        Assert.Equal(0, host.StartedSessions);
        using var participant = await RawTcp.ConnectAsync(endPoint);
        var greeting = new LanMeetingPlace(place).Greeting;
        await participant.SendAsync(greeting, Token);
        Assert.Equal(greeting.ToArray(), await RawTcp.ReceiveExactlyAsync(participant, 32));
        await participant.SendAsync(Sessions.Hello(9), Token);
        await host.UntilAsync(static h => h.Peers is [9]);
    }

    [Fact]
    public async Task Two_meeting_places_that_share_their_ports_stay_apart()
    {
        var one = LinkKinds.MeetingPlace();
        var ports = new LanMeetingPlace(one).FirstPort;
        var two = Enumerable.Range(0, int.MaxValue).Select(i => $"{one}/{i}").First(name => new LanMeetingPlace(name).FirstPort == ports);
        FakeHost a = new(1, _clock), b = new(2, _clock);
        await using var first = RunningTransport.Start(new LanTransport(one), a);
        var reason = (await a.ReportAsync(LinkState.Listening)).Reason;
        await using var second = RunningTransport.Start(new LanTransport(two), b);
        await b.ReportAsync(LinkState.Connecting, $"{reason[3..^1]} is held by another program or another meeting place");
        await a.ReportAsync(LinkState.Listening, "not of this meeting place");
        Assert.Equal((0, 0), (a.StartedSessions, b.StartedSessions));
    }

    [Fact]
    public async Task A_refused_session_leaves_the_port_alone_for_a_while()
    {
        var place = LinkKinds.MeetingPlace();
        FakeHost a = new(1, _clock);
        FakeHost b = new(2, static (_, _, _) => Task.FromResult(SessionEnd.Refused), _clock);
        await using var first = RunningTransport.Start(new LanTransport(place), a);
        await a.ReportAsync(LinkState.Listening);
        await using var second = RunningTransport.Start(new LanTransport(place), b);
        await b.UntilAsync(static h => h.StartedSessions == 1 && h.RunningSessions == 0);
        await _clock.TimestampReadAsync();                                     // the while has begun
        await RoundsAsync((int)(LanProber.LeaveAloneTime / s_round) - 1);
        Assert.Equal(1, b.StartedSessions);
        await RoundsAsync(2);
        await b.UntilAsync(static h => h.StartedSessions == 2);
    }

    [Fact]
    public async Task With_all_ports_taken_it_says_so_and_takes_the_first_that_is_freed()
    {
        var place = LinkKinds.MeetingPlace();
        var taken = FreeCandidates(place).ToList();
        try
        {
            var host = new FakeHost(1, _clock);
            await using var transport = RunningTransport.Start(new LanTransport(place), host);
            var report = await host.ReportAsync(LinkState.Faulted);
            Assert.Contains("All 16 ports of this meeting place", report.Reason, StringComparison.Ordinal);
            Assert.Contains("choose another meeting place", report.Reason, StringComparison.Ordinal);

            var freed = (IPEndPoint)taken[^1].LocalEndPoint!;
            taken[^1].Dispose();
            await _clock.AdvanceUntilAsync(host.ReportAsync(LinkState.Listening, $"At {freed}."), LanTransport.BindWaitMaximum);
        }
        finally
        {
            taken.ForEach(static socket => socket.Dispose());
        }
    }

    /// <summary>Lets that many probe rounds of at least one participant pass, each with the time that a dial takes.</summary>
    private async Task RoundsAsync(int count)
    {
        for (var round = 0; round < count; round++)
        {
            var timers = _clock.Timers.Count;
            _clock.Advance(s_round);
            await _clock.WaitAsync(timers);
            var (caller, called) = await RawTcp.PairAsync();
            await caller.SendAsync(new byte[32], Token);
            await RawTcp.ReceiveExactlyAsync(called, 32);
            caller.Dispose();
            Assert.Equal(0, await RawTcp.ReceiveToEndAsync(called));
            called.Dispose();
        }
    }

    /// <summary>Listens on all candidates that are free, in order.</summary>
    private static IEnumerable<Socket> FreeCandidates(string place)
    {
        for (var index = 0; index < LanMeetingPlace.CandidateCount; index++)
        {
            Socket? socket = null;
            try
            {
                socket = RawTcp.Listen(new LanMeetingPlace(place).Candidate(index));
            }
            catch (SocketException)
            {
                // Somebody else's, just as good for a port that is taken.
            }

            if (socket is not null) yield return socket;
        }
    }

    private static async Task<int> AnswerTwoAsync(Socket stranger)
    {
        for (var visit = 0; visit < 2; visit++)
        {
            using var caller = await stranger.AcceptAsync(Token);
            await caller.SendAsync("220 mail.example ESMTP\r\n"u8.ToArray(), Token);
            await RawTcp.ReceiveToEndAsync(caller);
        }

        return 2;
    }
}
