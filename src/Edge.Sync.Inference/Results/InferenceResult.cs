namespace Edge.Sync.Inference;

/// <summary>What one version of a model said about one input.</summary>
/// <param name="Subject">The document that the decision was saved to, or the stream that its event was appended to.</param>
/// <param name="Score">The score.</param>
/// <param name="SavedAt">When it was saved, by the clock of the device that inferred.</param>
/// <param name="Provenance">Who said it, about what.</param>
public sealed record InferenceResult(DocumentId Subject, float Score, DateTimeOffset SavedAt, Provenance Provenance);
