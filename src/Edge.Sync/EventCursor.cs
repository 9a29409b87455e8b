namespace Edge.Sync;

/// <summary>A place among all events of this file, in the order in which they came here. Opaque, and of this file only: another replica has another order.</summary>
/// <param name="Position">The place as a number that grows; to be stored, and given back as it is.</param>
public readonly record struct EventCursor(long Position) : IComparable<EventCursor>
{
    /// <summary>Before the first event.</summary>
    public static EventCursor Beginning => default;

    /// <summary>Behind all events that are there when it is used.</summary>
    public static EventCursor Now => new(long.MaxValue);

    /// <inheritdoc/>
    public int CompareTo(EventCursor other) => Position.CompareTo(other.Position);

    /// <inheritdoc/>
    public static bool operator <(EventCursor left, EventCursor right) => left.Position < right.Position;

    /// <inheritdoc/>
    public static bool operator >(EventCursor left, EventCursor right) => left.Position > right.Position;

    /// <inheritdoc/>
    public static bool operator <=(EventCursor left, EventCursor right) => left.Position <= right.Position;

    /// <inheritdoc/>
    public static bool operator >=(EventCursor left, EventCursor right) => left.Position >= right.Position;
}
