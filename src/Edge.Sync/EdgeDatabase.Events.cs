using Edge.Sync.Documents;
using Edge.Sync.Log;
using Edge.Sync.Storage;

namespace Edge.Sync;

public sealed partial class EdgeDatabase
{
    private const string ReadStreamSql = $"SELECT {EventRow.Columns} FROM edge_events WHERE stream = ?2 AND collection = ?1 ORDER BY {EventRow.Order}";
    private const string ReadEventsSql = $"SELECT {EventRow.Columns} FROM edge_events WHERE position > ?2 AND position <= ?3 AND collection = ?1 ORDER BY position LIMIT ?4";

    /// <summary>The streams of a collection of events.</summary>
    /// <typeparam name="T">A record with <see cref="EdgeEventAttribute"/>.</typeparam>
    public EventStreams<T> Events<T>() where T : class, IEdgeEvent<T> => new(this, new());

    internal Task<IReadOnlyList<RecordedEvent<T>>> ReadStreamAsync<T>(DocumentId stream, CancellationToken cancellationToken) where T : class, IEdgeEvent<T> =>
        ReadEventsAsync<T, RecordedEvent<T>>(ReadStreamSql, statement => statement.Bind(2, stream.ToByteArray()), Describe<T>, cancellationToken);

    internal Task<IReadOnlyList<RecordedEvent<T>>> ReadEventsAsync<T>(EventCursor after, EventCursor last, int countMax, CancellationToken cancellationToken) where T : class, IEdgeEvent<T> =>
        ReadEventsAsync<T, RecordedEvent<T>>(ReadEventsSql, statement => statement.Bind(2, after.Position).Bind(3, last.Position).Bind(4, countMax), Describe<T>, cancellationToken);

    /// <summary>The events behind a place, with the operations that appended them, as these are called in this file.</summary>
    internal Task<IReadOnlyList<(RecordedEvent<T> Event, Dot Dot)>> ReadNamedEventsAsync<T>(EventCursor after, int countMax, CancellationToken cancellationToken) where T : class, IEdgeEvent<T> =>
        ReadEventsAsync<T, (RecordedEvent<T>, Dot)>(ReadEventsSql, statement => statement.Bind(2, after.Position).Bind(3, EventCursor.Now.Position).Bind(4, countMax), static (item, log) => (Describe<T>(item, log), item.Dot), cancellationToken);

    private async Task<IReadOnlyList<TResult>> ReadEventsAsync<T, TResult>(string sql, Action<SqliteStatement> bind, Func<StoredEvent, LogReader, TResult> describe, CancellationToken cancellationToken) where T : class, IEdgeEvent<T>
    {
        var opened = await OpenedAsync(cancellationToken).ConfigureAwait(false);
        return await _scheduler.RunAsync(() => opened.Readers.Read(reader => reader.InOneMoment(reader =>
        {
            var result = new List<TResult>();
            var statement = reader.Prepare(sql);
            using var log = new LogReader(reader.Connection);
            try
            {
                bind(statement.Bind(1, T.Schema.Collection));
                while (statement.Step())
                    result.Add(describe(EventRow.Read(statement), log));
            }
            finally { statement.Reset(); }
            return (IReadOnlyList<TResult>)result;
        })), cancellationToken).ConfigureAwait(false);
    }

    private static RecordedEvent<T> Describe<T>(StoredEvent item, LogReader log) where T : class, IEdgeEvent<T>
    {
        var stored = log.Find(item.Sequence) ?? throw new InvalidCastException($"Change {item.Sequence} is not in the log.");
        var change = Change.ParseStored(stored.Bytes);
        return new(T.Schema.Decode(item.Value), item.Stream.Id, stored.Id, new(item.Position), change.Written.Replica, AuthorOf(change), item.Stamp.ToDateTimeOffset());
    }

    private static string? AuthorOf(Change change)
    {
        var sections = new BodyReader(change.Body);
        try
        {
            while (sections.Read())
                if (sections.Envelope.Kind == SectionKind.Metadata && MetadataSection.Read(sections.Content) is { } metadata) return metadata.Author;
        }
        catch (EdgeDataException) { /* void: the author is not known */ }
        return null;
    }
}
