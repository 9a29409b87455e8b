using System.Globalization;

namespace Edge.Sync.Transports.InMemory;

/// <summary>Uses one endpoint of an <see cref="InMemoryNetwork"/>: a session over each of its links.</summary>
internal sealed class InMemoryTransport(InMemoryNetwork network, string name) : ISyncTransport
{
    internal static readonly TimeSpan WaitMinimum = TimeSpan.FromMilliseconds(50);
    internal static readonly TimeSpan WaitMaximum = TimeSpan.FromSeconds(30);

    public string Name { get; } = $"memory:{name}";

    public async Task RunAsync(ISyncLinkHost host, CancellationToken cancellationToken)
    {
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        var endpoint = network.Endpoint(name);
        var turn = endpoint.InUse.WaitAsync(cancellationToken);
        if (!turn.IsCompleted)
            host.Report(Name, LinkState.Faulted, $"The endpoint '{name}' is used by another database: give each its own name. Waiting until it is free.");
        await turn.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (!turn.IsCompletedSuccessfully) return;

        try
        {
            host.Report(Name, LinkState.Listening);
            await RunLinksAsync(host, endpoint, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            endpoint.InUse.Release();
        }
    }

    private async Task RunLinksAsync(ISyncLinkHost host, InMemoryEndpoint endpoint, CancellationToken cancellationToken)
    {
        var links = new List<Task>();
        while (!cancellationToken.IsCancellationRequested)
        {
            var (sides, added) = endpoint.From(links.Count);
            foreach (var side in sides)
                links.Add(RunLinkAsync(host, side, cancellationToken));
            await added.WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        await Task.WhenAll(links).ConfigureAwait(false);
    }

    private async Task RunLinkAsync(ISyncLinkHost host, InMemorySide side, CancellationToken cancellationToken)
    {
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        var link = $"memory:{name}->{side.Peer}";
        var backoff = Backoff.For(host, link, WaitMinimum, WaitMaximum);
        host.Report(link, LinkState.Connecting, $"Waiting for '{side.Peer}'.");
        while (!cancellationToken.IsCancellationRequested)
        {
            if (await side.Link.JoinAsync(side.Side, cancellationToken).ConfigureAwait(false) is not { } connection) return;

            var end = await RunSessionAsync(host, connection, link, cancellationToken).ConfigureAwait(false);
            var isLeaving = cancellationToken.IsCancellationRequested;
            await connection.CloseAsync(isLeaving).ConfigureAwait(false);
            if (isLeaving) return;
            if (end == SessionEnd.Closed && connection.IsInterrupted)
            {
                backoff.Reset();
                host.Report(link, LinkState.Connecting, $"The link was cut, or '{side.Peer}' left. Waiting for it.");
                continue;
            }

            if (end != SessionEnd.Closed) backoff.JumpToMaximum();
            var delay = backoff.Next();
            var wait = Task.Delay(delay, host.TimeProvider, cancellationToken);
            if (end == SessionEnd.Closed)
                host.Report(link, LinkState.Connecting, string.Create(CultureInfo.InvariantCulture, $"The session was closed. Trying again in {delay.TotalSeconds:0.00} s."));
            await wait.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private static async Task<SessionEnd> RunSessionAsync(ISyncLinkHost host, InMemoryConnection connection, string link, CancellationToken cancellationToken)
    {
        host.Report(link, LinkState.Connected);
        try
        {
            return await host.RunSessionAsync(connection, link, cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return SessionEnd.Closed;
        }
        catch (Exception e)
        {
            host.Report(link, LinkState.Faulted, $"The session failed on this side: {e.Message}");
            return SessionEnd.Refused;
        }
    }
}
