using Edge.Sync.Projections.ReadModels;

namespace Edge.Sync;

/// <summary>The collections of events that a projection folds.</summary>
public sealed class ProjectionEvents
{
    private readonly Dictionary<string, EventFold> _folds = [];

    internal ProjectionEvents() { }

    internal IReadOnlyDictionary<string, EventFold> Folds => _folds;

    /// <summary>Adds a collection.</summary>
    public ProjectionEvents Add<TEvent>(IProject<TEvent> projection) where TEvent : class, IEdgeEvent<TEvent>
    {
        ArgumentNullException.ThrowIfNull(projection);
        _folds[TEvent.Schema.Collection] = new EventFold<TEvent>(projection);
        return this;
    }
}
