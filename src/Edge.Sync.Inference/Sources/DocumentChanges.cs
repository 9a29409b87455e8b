namespace Edge.Sync.Inference.Sources;

/// <summary>Documents of a query, each whenever it has changed.</summary>
/// <remarks>A watched query gives a document that has not changed as the same object, which is how the others are told.</remarks>
internal sealed class DocumentChanges<T>(DocumentQuery<T> documents) : IAsyncEnumerable<T> where T : class, IEdgeDocument<T>
{
    public async IAsyncEnumerator<T> GetAsyncEnumerator(CancellationToken cancellationToken = default)
    {
        var seen = new Dictionary<DocumentId, T>();
        await foreach (var result in documents.WatchAsync(cancellationToken).ConfigureAwait(false))
        {
            var now = new Dictionary<DocumentId, T>(result.Count);
            foreach (var document in result)
                now[document.Id] = document;
            var before = seen;
            seen = now;
            foreach (var document in result)
                if (!before.TryGetValue(document.Id, out var known) || !ReferenceEquals(known, document))
                    yield return document;
        }
    }
}
