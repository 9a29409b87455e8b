namespace Edge.Sync.Inference.Decisions;

/// <summary>Hands each decision to code of the app.</summary>
internal sealed class CallbackSink<TDecision>(Func<TDecision, Provenance, CancellationToken, ValueTask> callback) : IDecisionSink<TDecision>
{
    public bool KeepsProvenance => true;

    public ValueTask SaveAsync(Decided<TDecision> decided, CancellationToken cancellationToken) => callback(decided.Decision, decided.Provenance!, cancellationToken);
}
