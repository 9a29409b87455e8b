using Edge.Sync.Storage;

namespace Edge.Sync;

public sealed partial class EdgeDatabase
{
    private readonly Dictionary<string, SubscriptionReading> _subscriptions = new(StringComparer.Ordinal);
    private long _retractionCount;

    /// <summary>Grows with every commit that took events back.</summary>
    internal long RetractionCount => Interlocked.Read(ref _retractionCount);

    /// <exception cref="EdgeSubscriptionException">It is being read already.</exception>
    internal SubscriptionReading EnterSubscription(string name, ReceiptStage stage)
    {
        lock (_lock)
        {
            if (_subscriptions.ContainsKey(name))
                throw new EdgeSubscriptionException(name, $"Subscription '{name}' is being read already. Two readers of one name would each miss what the other acknowledges: end the first one, or give this one another name.");
            return _subscriptions[name] = new(_scheduler, stage);
        }
    }

    internal SubscriptionReading? FindSubscriptionReading(string name)
    {
        lock (_lock) return _subscriptions.GetValueOrDefault(name);
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

    /// <summary>How many of these events, from the first on, have come as far as a subscription asks for.</summary>
    internal Task<int> CountReachedAsync(Opened opened, IReadOnlyList<Dot> events, SubscriptionOptions options, CancellationToken cancellationToken) => opened.Writer.RunAloneAsync(replica =>
    {
        var count = 0;
        while (count < events.Count && HasReached(replica, events[count], options)) count++;
        return count;
    }, cancellationToken);

    // Accepted by another device is durable there too, though it may not have been heard of since the database was opened.
    private bool HasReached(Replica replica, Dot item, SubscriptionOptions options) => options.Stage switch
    {
        ReceiptStage.Local => true,
        ReceiptStage.Durable => !replica.IsOwn(item.Replica) || _receipts.Contains(item, null) || replica.IsAccepted(item),
        _ => replica.IsAccepted(item, options.AcceptedBy),
    };

    private void WakeSubscriptions(Replica replica, SqliteStore store)
    {
        var isRetracted = store.RemovedEvents.Count > 0;
        if (isRetracted) Interlocked.Increment(ref _retractionCount);
        var first = store.AreAllEventsNew ? 0 : long.MaxValue;
        foreach (var item in store.AppendedEvents)
            first = Math.Min(first, item.Position);
        if (first == long.MaxValue && !isRetracted && !replica.HasAccepted) return;
        // Who waits for an event's stage is woken for what may have raised it, or taken it away; not by what comes behind it.
        WakeSubscriptions(reading => first < reading.BlockedAt || (reading.Stage > ReceiptStage.Local && (isRetracted || replica.HasAccepted)));
    }

    private void WakeSubscriptions(Func<SubscriptionReading, bool> isDue)
    {
        lock (_lock)
        {
            foreach (var reading in _subscriptions.Values)
                if (isDue(reading)) reading.Signal.Set();
        }
    }

    private void EndSubscriptions()
    {
        lock (_lock)
        {
            foreach (var reading in _subscriptions.Values)
                reading.Signal.Complete();
        }
    }
}
