using Edge.Sync.Replication;

namespace Edge.Sync.Tests.Hosting;

/// <summary>A transport that reports one state and then does nothing until it is stopped.</summary>
internal sealed class StillTransport(LinkState state, string? reason = null) : ISyncTransport
{
    private readonly TaskCompletionSource _stopped = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public string Name => "still";

    public Task Stopped => _stopped.Task;

    public async Task RunAsync(ISyncLinkHost host, CancellationToken cancellationToken)
    {
        host.Report(Name, state, reason);
        try { await Task.Delay(Timeout.Infinite, cancellationToken); }
        finally { _stopped.SetResult(); }
    }
}
