namespace Edge.Sync;

/// <summary>The documents of one run of a query, and the versions that tell it from the next run.</summary>
internal sealed class QueryResult<T>
{
    private readonly List<(DocumentId Id, long Version)> _versions = [];
    private readonly List<T> _documents = [];

    public IReadOnlyList<T> Documents => _documents;

    public void Add(DocumentId id, long version, T document)
    {
        _versions.Add((id, version));
        _documents.Add(document);
    }

    public bool HasSameVersions(QueryResult<T>? other) => other is not null && _versions.SequenceEqual(other._versions);
}
