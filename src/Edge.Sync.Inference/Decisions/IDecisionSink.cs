namespace Edge.Sync.Inference.Decisions;

/// <summary>Where decisions are kept.</summary>
internal interface IDecisionSink<TDecision>
{
    /// <summary>Whether it keeps who decided; if no sink does, that is not computed.</summary>
    bool KeepsProvenance { get; }

    /// <summary>Returns when the decision is stored. Called again with the same decision if it threw.</summary>
    ValueTask SaveAsync(Decided<TDecision> decided, CancellationToken cancellationToken);
}
