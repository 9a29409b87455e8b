namespace Edge.Sync.Inference;

/// <summary>A version of a model that serves, or has served.</summary>
/// <param name="Name">The model.</param>
/// <param name="Version">What it was served as, or else what its header says; null where neither does.</param>
/// <param name="Hash">The hash of its bytes.</param>
/// <param name="Place">What runs it, such as <c>managed</c> or <c>onnxruntime/cpu</c>.</param>
/// <param name="Fallbacks">What was preferred to that, and why it does not run it.</param>
/// <param name="InputWidth">Floats in a row of its input.</param>
/// <param name="OutputWidth">Floats in a row of its output.</param>
/// <param name="MemoryBytes">About how much memory it takes while it is loaded.</param>
public sealed record ServedModel(
    string Name, long? Version, ModelHash Hash, string Place, IReadOnlyList<ProviderFallback> Fallbacks, int InputWidth, int OutputWidth, long MemoryBytes);
