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
    private const int BatchCount = 256, NameLengthMax = 256;

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

    /// <summary>
    /// The events of all streams from a place on, those that are there and those to come, for what acts outside of this file: a bill, a mail, a message to another system. Begins when it is enumerated.
    /// </summary>
    /// <param name="name">What the subscription is called in this file, which keeps how far it is: a text of 1 to 256 characters. At most one reader at a time.</param>
    /// <param name="from">Where to begin when the name is used for the first time; from then on it goes on behind what was acknowledged.</param>
    /// <param name="cancellationToken">Ends the enumeration with <see cref="OperationCanceledException"/>; it also ends, quietly, with the database.</param>
    /// <remarks>
    /// <para>Asking for the next event acknowledges the last: what was being handled when the app ended, or when the handler threw, is delivered again. So it is delivered at least once; make what you do idempotent, by
    /// <see cref="RecordedEvent{T}.ChangeId"/> or by the stream.</para>
    /// <para>An event is delivered once it survives a power cut, as what is sent to a peer does; never one that was purged before. In the order of arrival here, which extends causality. Parts of streams that were absent here and
    /// have come since set the subscription back to them, so that what follows is delivered again.</para>
    /// </remarks>
    /// <exception cref="EdgeSubscriptionException">It is being read already.</exception>
    public IAsyncEnumerable<RecordedEvent<T>> SubscribeAsync(string name, EventCursor from = default, CancellationToken cancellationToken = default) =>
        SubscribeAsync(name, new SubscriptionOptions { From = from }, cancellationToken);

    /// <summary>The same, with a say in how far an event must have come to be delivered: for what acts outside and cannot be taken back.</summary>
    /// <param name="name">As there.</param>
    /// <param name="options">Where to begin, and how far an event must have come.</param>
    /// <param name="cancellationToken">As there.</param>
    /// <exception cref="ArgumentException">The options contradict each other, or the stage is none at which an event can be delivered.</exception>
    /// <exception cref="EdgeSubscriptionException">It is being read already.</exception>
    public IAsyncEnumerable<RecordedEvent<T>> SubscribeAsync(string name, SubscriptionOptions options, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        return new EventSubscription<T>(_database, Verified(name), options.Verified()).ReadAsync(cancellationToken);
    }

    /// <summary>Forgets how far a subscription is: the name begins anew when it is used next. False where it is not known.</summary>
    public Task<bool> UnsubscribeAsync(string name, CancellationToken cancellationToken = default) => _database.RemoveSubscriptionAsync(Verified(name), cancellationToken);

    private static string Verified(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        return name.Length <= NameLengthMax ? name : throw new ArgumentException($"The name of a subscription has at most {NameLengthMax} characters.", nameof(name));
    }

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
