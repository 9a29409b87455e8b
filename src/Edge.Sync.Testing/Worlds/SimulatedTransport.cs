using Edge.Sync.Replication;

namespace Edge.Sync.Testing;

/// <summary>One replica's links, which may become more while it runs. Made anew after a power cut.</summary>
internal sealed class SimulatedTransport(string name) : ISyncTransport
{
    private static readonly TimeSpan s_pause = TimeSpan.FromSeconds(1), s_longPause = TimeSpan.FromSeconds(10);

    private readonly List<(SimulatedLink Link, int Side)> _links = [];
    private readonly List<Task> _running = [];
    private Func<SimulatedLink, int, Task>? _run;

    public string Name => $"simulated:{name}";

    public IReadOnlyList<(SimulatedLink Link, int Side)> Links => _links;

    public void Add(SimulatedLink link, int side)
    {
        _links.Add((link, side));
        if (_run is not null) _running.Add(_run(link, side));
    }

    public async Task RunAsync(ISyncLinkHost host, CancellationToken cancellationToken)
    {
        host.Report(Name, LinkState.Listening);
        _run = (link, side) => RunLinkAsync(host, link, side, cancellationToken);
        foreach (var (link, side) in _links)
            _running.Add(_run(link, side));
        var stopped = new TaskCompletionSource();
        using var registration = cancellationToken.Register(stopped.SetResult);
        await stopped.Task.ConfigureAwait(false);
        _run = null;
        await Task.WhenAll(_running).ConfigureAwait(false);
    }

    private static async Task RunLinkAsync(ISyncLinkHost host, SimulatedLink link, int side, CancellationToken cancellationToken)
    {
        var text = $"simulated:{link.NameOf(side)}->{link.NameOf(1 - side)}";
        while (!cancellationToken.IsCancellationRequested)
        {
            host.Report(text, LinkState.Connecting, $"Waiting for '{link.NameOf(1 - side)}'.");
            if (await link.JoinAsync(side, cancellationToken).ConfigureAwait(false) is not { } connection) return;
            host.Report(text, LinkState.Connected);
            var end = await host.RunSessionAsync(connection, text, cancellationToken).ConfigureAwait(false);
            link.Leave(side, connection);
            if (cancellationToken.IsCancellationRequested) return;
            await PauseAsync(end == SessionEnd.Closed ? s_pause : s_longPause, host.TimeProvider, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Waits a while, or until it is cancelled. Not a delay with a token, which goes on on the thread pool once it is cancelled, outside of the world.</summary>
    private static async Task PauseAsync(TimeSpan time, TimeProvider timeProvider, CancellationToken cancellationToken)
    {
        var over = new TaskCompletionSource();
        using var timer = timeProvider.CreateTimer(static over => ((TaskCompletionSource)over!).TrySetResult(), over, time, Timeout.InfiniteTimeSpan);
        using var registration = cancellationToken.Register(() => over.TrySetResult());
        await over.Task.ConfigureAwait(false);
    }
}
