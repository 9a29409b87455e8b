using System.Net.Sockets;
using Edge.Sync.Transports.Sockets;

namespace Edge.Sync.Transports.Lan;

/// <summary>Dials the candidates below one's own, in rounds, for as long as the stay lasts; at most one connection to each.</summary>
/// <remarks>A connection to a free loopback port is refused within microseconds (Windows takes two seconds), so a round costs next to nothing.</remarks>
internal sealed class LanProber(ISyncLinkHost host, LanMeetingPlace place, int ownIndex)
{
    /// <summary>Rounds are this far apart at first and double to <see cref="RoundMaximum"/>.</summary>
    internal static readonly TimeSpan RoundMinimum = TimeSpan.FromMilliseconds(50);
    internal static readonly TimeSpan RoundMaximum = TimeSpan.FromSeconds(1);

    /// <summary>How long a port is left alone that another program, another meeting place or another database holds.</summary>
    internal static readonly TimeSpan LeaveAloneTime = TimeSpan.FromSeconds(15);

    private static readonly TimeSpan s_connectTimeout = TimeSpan.FromSeconds(5);

    private readonly Candidate[] _candidates = new Candidate[ownIndex];

    /// <summary>Returns when cancelled and all its links are closed.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        for (var index = 0; index < _candidates.Length; index++)
            _candidates[index] = new($"lan:{place.Name}->{place.Candidate(index)}");

        var pause = RoundMinimum;
        while (_candidates.Length > 0 && !cancellationToken.IsCancellationRequested)
        {
            for (var index = 0; index < _candidates.Length; index++)
            {
                var candidate = _candidates[index];
                if (candidate.Link.IsCompleted && !candidate.IsLeftAlone(host.TimeProvider))
                    candidate.Link = ProbeAsync(index, candidate, cancellationToken);
            }

            await Task.Delay(pause, host.TimeProvider, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            pause = pause < RoundMaximum / 2 ? pause * 2 : RoundMaximum;
        }

        foreach (var candidate in _candidates)
            await candidate.Link.ConfigureAwait(false);
    }

    private async Task ProbeAsync(int index, Candidate candidate, CancellationToken cancellationToken)
    {
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        var (socket, _) = await SocketConnector.ConnectAsync(place.Candidate(index), s_connectTimeout, host.TimeProvider, cancellationToken).ConfigureAwait(false);
        if (socket is null) return;

        if (!await LanGreeting.ExchangeAsync(socket, place.Greeting, isDialer: true, host.TimeProvider, cancellationToken).ConfigureAwait(false))
        {
            socket.Dispose();
            candidate.LeaveAlone(host.TimeProvider);
            if (!cancellationToken.IsCancellationRequested)
                host.Report(candidate.Name, LinkState.Connecting,
                    $"{place.Candidate(index)} is held by another program or another meeting place. It is asked again in {LeaveAloneTime.TotalSeconds} s.");
            return;
        }

        var session = await SocketSession.RunAsync(host, socket, candidate.Name, note: null, cancellationToken).ConfigureAwait(false);
        if (session.End != SessionEnd.Closed)
            candidate.LeaveAlone(host.TimeProvider);
        else if (!cancellationToken.IsCancellationRequested)
            host.Report(candidate.Name, LinkState.Connecting, "The participant left. Looking for the next one.");
    }

    private sealed class Candidate(string name)
    {
        private long? _leftAloneSince;

        public string Name => name;

        /// <summary>The probe and, where it finds a participant, the session. Only the rounds touch it.</summary>
        public Task Link { get; set; } = Task.CompletedTask;

        public void LeaveAlone(TimeProvider timeProvider) => _leftAloneSince = timeProvider.GetTimestamp();

        public bool IsLeftAlone(TimeProvider timeProvider) =>
            _leftAloneSince is { } since && timeProvider.GetElapsedTime(since) < LeaveAloneTime;
    }
}
