using System.Runtime.CompilerServices;
using Edge.Sync.Storage;

namespace Edge.Sync;

/// <summary>One enumeration of a named subscription. Asking for the next event acknowledges the last one.</summary>
/// <remarks>
/// Invariants: what was not acknowledged is delivered again; an event is delivered only once it can no longer be taken back by an accident of this device and has come as far as was asked for, and never before one that came earlier; it is
/// in no delivery any more once it is purged or void; at most one enumeration of a name at a time. It waits for commits and acknowledgements, so one that nobody asks costs nothing, and one whose consumer fails stands where it stood.
/// </remarks>
internal sealed class EventSubscription<T>(EdgeDatabase database, string name, SubscriptionOptions options) where T : class, IEdgeEvent<T>
{
    private const int BatchCount = 64;

    private long _position;

    public async IAsyncEnumerable<RecordedEvent<T>> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var reading = database.EnterSubscription(name, options.Stage);
        try
        {
            if (await StartAsync(cancellationToken).ConfigureAwait(false) is not { } opened) yield break;
            while (true)
            {
                var version = database.RetractionCount;
                if (await ReadBatchAsync(opened, reading, cancellationToken).ConfigureAwait(false) is not { } batch) yield break;
                foreach (var item in batch)
                {
                    // What was read ahead may be purged by now, and what was passed may have come.
                    if (database.RetractionCount != version) break;
                    yield return item;
                    if (await AcknowledgeAsync(opened, item, cancellationToken).ConfigureAwait(false) is not { } isStill) yield break;
                    if (!isStill) break;
                }
                if (batch.Count == 0 && !await reading.Signal.WaitAsync(cancellationToken).ConfigureAwait(false)) yield break;
            }
        }
        finally { database.LeaveSubscription(name); }
    }

    private Task<EdgeDatabase.Opened?> StartAsync(CancellationToken cancellationToken) => UnlessDisposed(async () =>
    {
        var opened = await database.OpenedAsync(cancellationToken).ConfigureAwait(false);
        var (collection, position) = await opened.Writer.RunAsync(_ =>
        {
            if (opened.Subscriptions.Read(name) is { } known) return known;
            var start = Math.Min(options.From.Position, StoredEvent.LastPositionOf(opened.Replica.Store.LastSequence));
            opened.Subscriptions.Add(name, T.Schema.Collection, start);
            return (T.Schema.Collection, start);
        }, cancellationToken).ConfigureAwait(false);
        if (collection != T.Schema.Collection) throw new InvalidOperationException($"Subscription '{name}' reads the collection '{collection}', not '{T.Schema.Collection}'. Give this one another name.");
        _position = position;
        return opened;
    });

    private Task<IReadOnlyList<RecordedEvent<T>>?> ReadBatchAsync(EdgeDatabase.Opened opened, SubscriptionReading reading, CancellationToken cancellationToken) => UnlessDisposed(async () =>
    {
        reading.BlockedAt = long.MaxValue;
        // It may have been set back since.
        _position = await opened.Writer.RunAloneAsync(_ => opened.Subscriptions.Read(name)?.Position ?? _position, cancellationToken).ConfigureAwait(false);
        var batch = await database.ReadNamedEventsAsync<T>(new(_position), BatchCount, cancellationToken).ConfigureAwait(false);
        var count = await database.CountReachedAsync(opened, [.. batch.Select(static item => item.Dot)], options, cancellationToken).ConfigureAwait(false);
        if (count == 0)
        {
            if (batch.Count > 0) reading.BlockedAt = batch[0].Event.Cursor.Position;
            return [];
        }
        // Their effects may leave the device: as for what a peer is told, that is for what survives a power cut.
        await new DatabaseSyncLog(opened).SyncAsync(cancellationToken).ConfigureAwait(false);
        return (IReadOnlyList<RecordedEvent<T>>)[.. batch.Take(count).Select(static item => item.Event)];
    });

    /// <summary>False where the subscription was set back meanwhile; null where the database is disposed.</summary>
    private async Task<bool?> AcknowledgeAsync(EdgeDatabase.Opened opened, RecordedEvent<T> item, CancellationToken cancellationToken)
    {
        var moved = await UnlessDisposed(() => opened.Writer.RunAsync(_ =>
        {
            var isStill = opened.Subscriptions.Move(name, _position, item.Cursor.Position);
            return Tuple.Create(isStill, isStill ? item.Cursor.Position : opened.Subscriptions.Read(name)?.Position ?? _position);
        }, cancellationToken)).ConfigureAwait(false);
        if (moved is null) return null;
        _position = moved.Item2;
        return moved.Item1;
    }

    /// <summary>A subscription ends quietly with its database.</summary>
    private static async Task<TResult?> UnlessDisposed<TResult>(Func<Task<TResult>> work) where TResult : class
    {
        try { return await work().ConfigureAwait(false); }
        catch (ObjectDisposedException) { return null; }
    }
}
