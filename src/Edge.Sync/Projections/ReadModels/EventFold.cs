using Edge.Sync.Storage;

namespace Edge.Sync.Projections.ReadModels;

/// <summary>Hands the events of one collection to a projection.</summary>
internal abstract class EventFold
{
    public abstract void Apply(in StoredEvent item, ProjectionWriter sql);
}

internal sealed class EventFold<TEvent>(IProject<TEvent> projection) : EventFold where TEvent : class, IEdgeEvent<TEvent>
{
    public override void Apply(in StoredEvent item, ProjectionWriter sql)
    {
        // What this version does not have is folded once a version that has it makes the tables again.
        if (TEvent.Schema.Decode(item.Value) is { } known) projection.Apply(new(item.Stream.Id, item.Dot.Replica, item.Stamp.ToDateTimeOffset()), known, sql);
    }
}
