namespace Edge.Sync;
/// <summary>contract</summary>
public class DocumentQuery<T> where T : class, IEdgeDocument<T> { internal DocumentQuery() { } }
/// <summary>contract</summary>
public sealed class DocumentSet<T> : DocumentQuery<T> where T : class, IEdgeDocument<T>
{
    internal DocumentSet() { }
    /// <summary>contract</summary>
    public Task<Receipt> EditAsync(DocumentId id, Action<T> edit, CancellationToken cancellationToken = default) => throw new NotSupportedException();
    /// <summary>contract</summary>
    public Task<Receipt> EditAsync<TState>(DocumentId id, TState state, Action<T, TState> edit, CancellationToken cancellationToken = default) => throw new NotSupportedException();
    /// <summary>contract</summary>
    public Task<T?> FindAsync(DocumentId id, CancellationToken cancellationToken = default) => throw new NotSupportedException();
}
/// <summary>contract</summary>
public sealed class Receipt { internal Receipt() { } }
