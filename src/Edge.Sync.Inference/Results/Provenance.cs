namespace Edge.Sync.Inference;

/// <summary>Who said something, and about what.</summary>
/// <param name="Model">The model's name.</param>
/// <param name="Version">Its version; null where it has none.</param>
/// <param name="ModelHash">The hash of its bytes: what tells it from every other.</param>
/// <param name="Place">What ran it, such as <c>managed</c>.</param>
/// <param name="InputVersion">What it was asked about.</param>
public sealed record Provenance(string Model, long? Version, ModelHash ModelHash, string Place, InputVersion InputVersion);
