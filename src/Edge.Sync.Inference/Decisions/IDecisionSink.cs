namespace Edge.Sync.Inference.Decisions;

/// <summary>Where decisions are kept.</summary>
internal interface IDecisionSink<in TDecision>
{
    /// <summary>Returns when the decision is stored. Called again with the same decision if it threw.</summary>
    ValueTask SaveAsync(TDecision decision, CancellationToken cancellationToken);
}
