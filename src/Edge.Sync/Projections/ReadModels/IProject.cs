namespace Edge.Sync;

/// <summary>Folds the events of a collection.</summary>
/// <typeparam name="TEvent">A record with <see cref="EdgeEventAttribute"/>.</typeparam>
public interface IProject<TEvent> : IProjection where TEvent : class, IEdgeEvent<TEvent>
{
    /// <summary>Folds one event into the tables. Runs on the writer.</summary>
    /// <param name="context">What is known of the event.</param>
    /// <param name="item">The event; those that this version of the app does not have are passed over.</param>
    /// <param name="sql">Takes statements, in the commit's transaction.</param>
    void Apply(in ProjectionContext context, TEvent item, ProjectionWriter sql);

    void IProjection.Subscribe(ProjectionEvents events) => events.Add(this);
}
