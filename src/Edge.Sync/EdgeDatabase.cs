namespace Edge.Sync;
/// <summary>contract</summary>
public sealed class EdgeDatabase : IAsyncDisposable
{
    private EdgeDatabase() { }
    /// <summary>contract</summary>
    public static Task<EdgeDatabase> OpenAsync(string path, CancellationToken cancellationToken = default) => throw new NotSupportedException();
    /// <summary>contract</summary>
    public static Task<EdgeDatabase> OpenAsync(EdgeDatabaseOptions options, CancellationToken cancellationToken = default) => throw new NotSupportedException();
    /// <summary>contract</summary>
    public DocumentSet<T> Documents<T>() where T : class, IEdgeDocument<T> => throw new NotSupportedException();
    /// <summary>contract</summary>
    public DocumentId NewId() => throw new NotSupportedException();
    /// <summary>contract</summary>
    public SyncController StartSync(Action<SyncBuilder> configure) => throw new NotSupportedException();
    /// <summary>contract</summary>
    public ValueTask DisposeAsync() => default;
}
