namespace Edge.Sync.Projections;

/// <summary>What a look at one document finds.</summary>
/// <param name="version">Its newest change; 0 where nothing is stored of it.</param>
/// <param name="store">The document; null where there is none.</param>
/// <param name="localVersion">See <see cref="DocumentRows.LocalVersion"/>.</param>
internal sealed class DocumentLook(long version, FieldStore? store, object? localVersion)
{
    private object? _document;

    public static DocumentLook None { get; } = new(0, null, null);

    public long Version => version;

    public FieldStore? Store => store;

    public object? LocalVersion => localVersion;

    /// <summary>The document as its class sees it, one object for all who ask: a snapshot never changes.</summary>
    public T Document<T>() where T : class, IEdgeDocument<T> => (T)(_document ??= T.Attach(store!));
}
