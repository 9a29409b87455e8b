namespace Edge.Sync.AspNetCore;

/// <summary>What an endpoint is to its database: a link that listens, and one in a numbered place for each device that is connected.</summary>
/// <remarks>As for TCP, a link is named for its place, not for its peer: so the status of a hub that runs for a year has no more lines than its limit.</remarks>
internal sealed class HubTransport(string pattern, int connectionsMax) : ISyncTransport
{
    /// <summary>How long a request waits for the database to start to sync, which is a moment after the host has started.</summary>
    private static readonly TimeSpan s_startWithin = TimeSpan.FromSeconds(5);

    private readonly TaskCompletionSource _started = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock _lock = new();
    private readonly List<Place?> _places = [];
    private ISyncLinkHost? _host;
    private CancellationToken _stop;

    public string Name { get; } = $"websocket-listen:{pattern}";

    public async Task RunAsync(ISyncLinkHost host, CancellationToken cancellationToken)
    {
        lock (_lock) (_host, _stop) = (host, cancellationToken);
        host.Report(Name, LinkState.Listening);
        _started.TrySetResult();
        await Task.Delay(Timeout.InfiniteTimeSpan, host.TimeProvider, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        Task[] left;
        lock (_lock)
        {
            _host = null;
            left = [.. _places.OfType<Place>().Select(static place => place.Left)];
        }
        await Task.WhenAll(left).ConfigureAwait(false);
    }

    /// <summary>Waits until the database syncs, if not for ever.</summary>
    public async Task WhenStartedAsync(TimeProvider timeProvider, CancellationToken cancellationToken)
    {
        if (!_started.Task.IsCompleted) await _started.Task.WaitAsync(s_startWithin, timeProvider, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    /// <summary>Takes a place for a device, until it is disposed. Null where there is none, with the reason.</summary>
    public Place? TryTake(out string? reason)
    {
        lock (_lock)
        {
            if (_host is null)
            {
                reason = "The database of this endpoint does not sync now: the host is starting or stopping.";
                return null;
            }
            var number = _places.IndexOf(null);
            if (number < 0 && _places.Count < connectionsMax)
            {
                number = _places.Count;
                _places.Add(null);
            }
            if (number < 0)
            {
                reason = $"All {connectionsMax} connections are in use: further devices are turned away until one leaves.";
                _host.Report(Name, LinkState.Listening, reason);
                return null;
            }
            reason = null;
            return _places[number] = new(this, _host, number, _stop);
        }
    }

    private void Leave(int number)
    {
        lock (_lock)
        {
            var wasFull = !_places.Contains(null) && _places.Count == connectionsMax;
            _places[number] = null;
            if (wasFull) _host?.Report(Name, LinkState.Listening);
        }
    }

    /// <summary>A device's place.</summary>
    internal sealed class Place(HubTransport hub, ISyncLinkHost host, int number, CancellationToken stop) : IDisposable
    {
        private readonly TaskCompletionSource _left = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public ISyncLinkHost Host => host;

        public string Link { get; } = $"{hub.Name}#{number + 1}";

        /// <summary>Cancelled when the database stops to sync.</summary>
        public CancellationToken Stop => stop;

        public Task Left => _left.Task;

        public void Dispose()
        {
            hub.Leave(number);
            _left.TrySetResult();
        }
    }
}
