namespace Edge.Sync.Inference.Decisions;

/// <summary>A decision and what it came from; the provenance is null where nobody keeps it.</summary>
internal readonly record struct Decided<TDecision>(TDecision Decision, float Score, Provenance? Provenance);
