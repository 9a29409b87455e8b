using System.Globalization;
using System.Net.Sockets;
using Edge.Sync.Transports.Sockets;

namespace Edge.Sync.Transports.Lan;

/// <summary>Finds the other participants of a meeting place on the loopback interface, without a server.</summary>
/// <remarks>
/// <para>
/// Each participant binds the first free one of the meeting place's 16 candidate ports, listens there, and keeps dialing the candidates
/// below its own. Hence every pair has exactly one connection: of two participants, the one with the higher port dials. When a lower
/// candidate is freed and taken by a newcomer, those above it dial the newcomer.
/// </para>
/// <para>
/// A stay at a port is one life: when its listening socket breaks, all its connections are closed before another port is bound, so that the
/// rule holds for them too.
/// </para>
/// </remarks>
internal sealed class LanTransport(string meetingPlace) : ISyncTransport
{
    internal static readonly TimeSpan BindWaitMinimum = TimeSpan.FromMilliseconds(500);
    internal static readonly TimeSpan BindWaitMaximum = TimeSpan.FromSeconds(15);

    private readonly LanMeetingPlace _place = new(meetingPlace);

    public string Name { get; } = $"lan:{meetingPlace}";

    public async Task RunAsync(ISyncLinkHost host, CancellationToken cancellationToken)
    {
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        var backoff = Backoff.For(host, Name, BindWaitMinimum, BindWaitMaximum);
        while (!cancellationToken.IsCancellationRequested)
        {
            var (listener, index) = Bind();
            if (listener is not null)
            {
                backoff.Reset();
                using (listener)
                    await StayAsync(host, listener, index, cancellationToken).ConfigureAwait(false);
                continue;
            }

            var delay = backoff.Next();
            var wait = Task.Delay(delay, host.TimeProvider, cancellationToken);
            host.Report(Name, LinkState.Faulted, string.Create(CultureInfo.InvariantCulture,
                $"All {LanMeetingPlace.CandidateCount} ports of this meeting place, {_place.FirstPort} to {_place.FirstPort + LanMeetingPlace.CandidateCount - 1} on 127.0.0.1, are in use. Close another participant, or choose another meeting place. Trying again in {delay.TotalSeconds:0.0} s."));
            await wait.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private (Socket? Listener, int Index) Bind()
    {
        for (var index = 0; index < LanMeetingPlace.CandidateCount; index++)
        {
            if (SocketListener.Open(_place.Candidate(index)).Socket is { } listener)
                return (listener, index);
        }

        return (null, -1);
    }

    private async Task StayAsync(ISyncLinkHost host, Socket listener, int index, CancellationToken cancellationToken)
    {
        using var stay = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var note = $"At {_place.Candidate(index)}.";
        var incoming = new IncomingLinks(host, Name, IncomingLinks.DefaultLimit, (socket, link, token) => ServeAsync(host, socket, link, token));
        host.Report(Name, LinkState.Listening, note);
        var probing = new LanProber(host, _place, index).RunAsync(stay.Token);
        await AcceptLoop.RunAsync(host, Name, note, listener.AcceptAsync, socket => incoming.Take(socket, stay.Token), cancellationToken).ConfigureAwait(false);
        await stay.CancelAsync().ConfigureAwait(false);
        await probing.ConfigureAwait(false);
        await incoming.WhenAllEndedAsync().ConfigureAwait(false);
    }

    private async Task ServeAsync(ISyncLinkHost host, Socket socket, string link, CancellationToken cancellationToken)
    {
        var peer = IncomingLinks.PeerOf(socket);
        if (!await LanGreeting.ExchangeAsync(socket, _place.Greeting, isDialer: false, host.TimeProvider, cancellationToken).ConfigureAwait(false))
        {
            socket.Dispose();
            host.Report(link, LinkState.Listening, $"{peer} was turned away: it is not of this meeting place.");
            return;
        }

        var session = await SocketSession.RunAsync(host, socket, link, $"Participant at {peer}.", cancellationToken).ConfigureAwait(false);
        if (session.End != SessionEnd.Refused && !cancellationToken.IsCancellationRequested)
            host.Report(link, LinkState.Listening, $"{peer} left.");
    }
}
