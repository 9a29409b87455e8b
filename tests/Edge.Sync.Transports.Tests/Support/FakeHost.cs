using System.IO.Pipelines;

namespace Edge.Sync.Transports.Tests.Support;

internal sealed record LinkReport(string Link, LinkState State, string Reason);

/// <summary>Stands in for a database: runs a session of the test's choice, keeps all reports, and signals every change.</summary>
internal sealed class FakeHost(byte id, Func<FakeHost, IDuplexPipe, CancellationToken, Task<SessionEnd>> session, TimeProvider? timeProvider = null) : ISyncLinkHost
{
    private readonly Signal _signal = new();
    private readonly List<LinkReport> _reports = [];
    private readonly List<byte> _peers = [];

    public FakeHost(byte id, TimeProvider? timeProvider = null) : this(id, Sessions.HelloThenEchoAsync, timeProvider) { }

    public byte Id => id;

    public ReplicaId Replica { get; } = ReplicaId.FromBytes([id, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, id]);

    public TimeProvider TimeProvider { get; } = timeProvider ?? TimeProvider.System;

    public int StartedSessions { get; private set; }

    public int RunningSessions { get; private set; }

    /// <summary>The ids of those whose hello has come and whose session still runs.</summary>
    public IReadOnlyList<byte> Peers => _peers;

    public IReadOnlyList<LinkReport> Reports => _reports;

    public async Task<SessionEnd> RunSessionAsync(IDuplexPipe connection, string link, CancellationToken cancellationToken)
    {
        _signal.Change(() => (StartedSessions, RunningSessions) = (StartedSessions + 1, RunningSessions + 1));
        try
        {
            return await session(this, connection, cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return SessionEnd.Closed;
        }
        finally
        {
            _signal.Change(() => RunningSessions--);
        }
    }

    public void Report(string link, LinkState state, string? reason = null, EdgeErrorCode? code = null) => _signal.Change(() => _reports.Add(new(link, state, reason ?? "")));

    public void PeerCame(byte peer) => _signal.Change(() => _peers.Add(peer));

    public void PeerLeft(byte peer) => _signal.Change(() => _peers.Remove(peer));

    /// <summary>Waits until the condition holds; it is asked again at every change and sees a state at rest.</summary>
    public Task UntilAsync(Func<FakeHost, bool> condition) =>
        _signal.UntilAsync(() => condition(this), () => $"host {Id}: peers [{string.Join(",", _peers)}], {StartedSessions} sessions, {RunningSessions} running\n{string.Join('\n', _reports)}");

    /// <summary>Waits for a report, past or future.</summary>
    public async Task<LinkReport> ReportAsync(LinkState state, string reason = "", string link = "")
    {
        LinkReport? found = null;
        await UntilAsync(host => (found = host._reports.Find(r => r.State == state && r.Reason.Contains(reason, StringComparison.Ordinal)
            && r.Link.Contains(link, StringComparison.Ordinal))) is not null);
        return found!;
    }

    /// <summary>Waits until a link's newest report has this state and reason.</summary>
    public Task NewestReportAsync(string link, LinkState state, string reason = "") =>
        UntilAsync(host => host._reports.FindLast(r => r.Link == link) is { } last && last.State == state && last.Reason.Contains(reason, StringComparison.Ordinal));
}
