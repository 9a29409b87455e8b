namespace Edge.Sync.Inference.Decisions;

/// <summary>Keeps each decision in a document: one edit, one change.</summary>
internal sealed class DocumentSink<TDocument, TDecision>(DocumentSet<TDocument> documents, Func<TDecision, DocumentId> id, Action<TDocument, TDecision> edit)
    : IDecisionSink<TDecision>
    where TDocument : class, IEdgeDocument<TDocument>
{
    public async ValueTask SaveAsync(TDecision decision, CancellationToken cancellationToken) =>
        await documents.EditAsync(id(decision), decision, edit, cancellationToken).ConfigureAwait(false);
}
