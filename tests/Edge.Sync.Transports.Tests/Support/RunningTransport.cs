namespace Edge.Sync.Transports.Tests.Support;

/// <summary>A transport at work; disposing it cancels it and waits until it has returned.</summary>
internal sealed class RunningTransport : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _running;

    private RunningTransport(ISyncTransport transport, FakeHost host) => _running = transport.RunAsync(host, _stop.Token);

    public static RunningTransport Start(ISyncTransport transport, FakeHost host) => new(transport, host);

    public bool HasReturned => _running.IsCompleted;

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running.WaitAsync(Signal.Patience);
    }
}
