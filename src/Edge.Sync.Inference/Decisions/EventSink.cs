namespace Edge.Sync.Inference.Decisions;

/// <summary>Appends an event for each decision, with the result it came from: one edit, one change.</summary>
internal sealed class EventSink<TEvent, TDecision>(EdgeDatabase database, Func<TDecision, DocumentId> stream, Func<TDecision, TEvent> toEvent, EditOptions options, TimeProvider timeProvider)
    : IDecisionSink<TDecision>
    where TEvent : class, IEdgeEvent<TEvent>
{
    public bool KeepsProvenance => true;

    public async ValueTask SaveAsync(Decided<TDecision> decided, CancellationToken cancellationToken)
    {
        var (subject, item) = (stream(decided.Decision), toEvent(decided.Decision));
        var now = timeProvider.GetUtcNow();
        await database.EditAsync(change =>
        {
            change.Append(subject, item);
            if (decided.Provenance is { } provenance)
                InferenceResults.Add(change, new(subject, decided.Score, now, provenance));
        }, options, cancellationToken).ConfigureAwait(false);
    }
}
