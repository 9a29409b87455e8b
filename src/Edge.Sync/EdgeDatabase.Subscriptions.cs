using Edge.Sync.Scheduling;
using Edge.Sync.Storage;

namespace Edge.Sync;

public sealed partial class EdgeDatabase
{
    private readonly Dictionary<string, WatchSignal> _subscriptions = new(StringComparer.Ordinal);
    private long _retractionCount;

    /// <summary>Grows with every commit that took events back.</summary>
    internal long RetractionCount => Interlocked.Read(ref _retractionCount);

    /// <exception cref="EdgeSubscriptionException">It is being read already.</exception>
    internal WatchSignal EnterSubscription(string name)
    {
        lock (_lock)
        {
            if (_subscriptions.ContainsKey(name))
                throw new EdgeSubscriptionException(name, $"Subscription '{name}' is being read already. Two readers of one name would each miss what the other acknowledges: end the first one, or give this one another name.");
            return _subscriptions[name] = new(_scheduler);
        }
    }

    internal void LeaveSubscription(string name)
    {
        lock (_lock) _subscriptions.Remove(name);
    }

    internal async Task<bool> RemoveSubscriptionAsync(string name, CancellationToken cancellationToken)
    {
        var opened = await OpenedAsync(cancellationToken).ConfigureAwait(false);
        return await opened.Writer.RunAsync(_ => opened.Subscriptions.Remove(name), cancellationToken).ConfigureAwait(false);
    }

    private void WakeSubscriptions(SqliteStore store)
    {
        if (store.RemovedEvents.Count > 0) Interlocked.Increment(ref _retractionCount);
        if (store.AppendedEvents.Count == 0 && !store.AreAllEventsNew) return;
        lock (_lock)
        {
            foreach (var signal in _subscriptions.Values)
                signal.Set();
        }
    }

    private void EndSubscriptions()
    {
        lock (_lock)
        {
            foreach (var signal in _subscriptions.Values)
                signal.Complete();
        }
    }
}
