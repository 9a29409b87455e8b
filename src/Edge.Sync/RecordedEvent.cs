namespace Edge.Sync;

/// <summary>An event in the log: what happened, in which stream, and who wrote it when.</summary>
/// <typeparam name="T">The record that stands for all events of the collection.</typeparam>
public sealed class RecordedEvent<T> where T : class, IEdgeEvent<T>
{
    internal RecordedEvent(T? item, DocumentId stream, ChangeId changeId, EventCursor cursor, ReplicaId replica, string? author, DateTimeOffset at) =>
        (Event, Stream, ChangeId, Cursor, Replica, Author, At) = (item, stream, changeId, cursor, replica, author, at);

    /// <summary>What happened; null where a newer version of the app wrote an event that this one does not have. The log keeps it and passes it on.</summary>
    public T? Event { get; }

    /// <summary>The stream: often the id of the document that it is about.</summary>
    public DocumentId Stream { get; }

    /// <summary>The change that holds it.</summary>
    public ChangeId ChangeId { get; }

    /// <summary>Its place in this file.</summary>
    public EventCursor Cursor { get; }

    /// <summary>The replica that wrote it.</summary>
    public ReplicaId Replica { get; }

    /// <summary>Who wrote it, as the app on that replica said; null where it said nothing.</summary>
    public string? Author { get; }

    /// <summary>When, by that replica's clock.</summary>
    public DateTimeOffset At { get; }
}
