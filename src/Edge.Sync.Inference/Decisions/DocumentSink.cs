namespace Edge.Sync.Inference.Decisions;

/// <summary>Keeps each decision in a document, with the result it came from in a second one: one edit, one change.</summary>
internal sealed class DocumentSink<TDocument, TDecision>(EdgeDatabase database, Func<TDecision, DocumentId> id, Action<TDocument, TDecision> edit, EditOptions options, TimeProvider timeProvider)
    : IDecisionSink<TDecision>
    where TDocument : class, IEdgeDocument<TDocument>
{
    public bool KeepsProvenance => true;

    public async ValueTask SaveAsync(Decided<TDecision> decided, CancellationToken cancellationToken)
    {
        var subject = id(decided.Decision);
        var now = timeProvider.GetUtcNow();
        await database.EditAsync(change =>
        {
            edit(change.Document<TDocument>(subject), decided.Decision);
            if (decided.Provenance is { } provenance)
                InferenceResults.Add(change, new(subject, decided.Score, now, provenance));
        }, options, cancellationToken).ConfigureAwait(false);
    }
}
