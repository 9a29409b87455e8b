using System.ComponentModel;

namespace Edge.Sync;

/// <summary>What the generator makes of a record with <see cref="EdgeEventAttribute"/>. Not for implementing by hand.</summary>
/// <typeparam name="TSelf">The record that stands for all events of its collection.</typeparam>
public interface IEdgeEvent<TSelf> where TSelf : class, IEdgeEvent<TSelf>
{
    /// <summary>Its collection, and the events that there are. For generated code only.</summary>
    [EditorBrowsable(EditorBrowsableState.Never)]
    static abstract EventSchema<TSelf> Schema { get; }
}
