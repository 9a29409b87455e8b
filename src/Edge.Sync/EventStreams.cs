using System.Runtime.CompilerServices;

namespace Edge.Sync;

/// <summary>The streams of one collection of events. Safe for use by several threads at once.</summary>
/// <typeparam name="T">A record with <see cref="EdgeEventAttribute"/>.</typeparam>
/// <remarks>
/// A stream is a short history of one thing: a job, an order. All of it is read into memory by who appends to it, so a stream for everything that ever happens is the wrong one; read over all streams with
/// <see cref="ReadAllAsync"/> instead.
/// </remarks>
public sealed class EventStreams<T> where T : class, IEdgeEvent<T>
{
    private const int BatchCount = 256;

    private readonly EdgeDatabase _database;
    private readonly EditOptions _options;

    internal EventStreams(EdgeDatabase database, EditOptions options) => (_database, _options) = (database, options);

    /// <summary>The same streams, written with other options.</summary>
    public EventStreams<T> With(EditOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return new(_database, options);
    }

    /// <summary>Appends an event behind all that this replica knows. To write several, or with documents, as one change: <see cref="EdgeDatabase.EditAsync(Action{ChangeBuilder}, CancellationToken)"/> and <see cref="ChangeBuilder.Append"/>.</summary>
    /// <param name="stream">The stream; one that is not there yet starts with this event.</param>
    /// <param name="item">What happened.</param>
    /// <param name="cancellationToken">Cancels the wait for the writer; once it has begun, the change stands.</param>
    /// <exception cref="EdgeStorageException">The event could not be stored.</exception>
    /// <exception cref="EdgeDocumentException">The stream was purged, or is not whole here.</exception>
    public Task<Receipt> AppendAsync(DocumentId stream, T item, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(item);
        var value = T.Schema.Encode(item);
        return _database.WriteAsync(stream, draft => draft.Append(new(T.Schema.Collection, stream), value), schema: null, _options, cancellationToken);
    }

    /// <summary>All events of a stream that are here, in an order that all replicas have: an event comes after all that its author knew; of events that did not know of each other, the earlier time comes first, then the replica decides.</summary>
    public Task<IReadOnlyList<RecordedEvent<T>>> ReadAsync(DocumentId stream, CancellationToken cancellationToken = default) => _database.ReadStreamAsync<T>(stream, cancellationToken);

    /// <summary>The events of all streams behind a place, in the order in which they came here, which extends causality. Ends at what is there when it gets to the end.</summary>
    /// <param name="after">The place; <see cref="EventCursor.Beginning"/> for all.</param>
    /// <param name="cancellationToken">Ends the enumeration.</param>
    public async IAsyncEnumerable<RecordedEvent<T>> ReadAllAsync(EventCursor after = default, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        while (true)
        {
            var batch = await _database.ReadEventsAsync<T>(after, EventCursor.Now, BatchCount, cancellationToken).ConfigureAwait(false);
            foreach (var item in batch)
                yield return item;
            if (batch.Count < BatchCount) yield break;
            after = batch[^1].Cursor;
        }
    }
}
