namespace Edge.Sync.Projections.ReadModels;

/// <summary>A projection that the app has added, before it is made.</summary>
internal abstract record ProjectionRegistration(string Name, int Version, bool IsOrdered)
{
    /// <summary>A new instance: the collections that it folds, and what makes its tables.</summary>
    public abstract (ProjectionEvents Events, Action<ProjectionWriter> CreateTables) Create();
}

internal sealed record ProjectionRegistration<T>() : ProjectionRegistration(T.Name, T.Version, T.Ordered) where T : class, IProjection, new()
{
    public override (ProjectionEvents Events, Action<ProjectionWriter> CreateTables) Create()
    {
        var projection = new T();
        var events = new ProjectionEvents();
        projection.Subscribe(events);
        return (events, projection.CreateTables);
    }
}
