namespace Edge.Sync.Inference;

/// <summary>Why what was preferred does not run a model.</summary>
/// <param name="Provider">What was tried, such as <c>npu</c>.</param>
/// <param name="Cause">The kind of reason.</param>
/// <param name="Reason">The reason in words.</param>
public sealed record ProviderFallback(string Provider, FallbackCause Cause, string Reason);

/// <summary>Kinds of reasons for not using a provider.</summary>
public enum FallbackCause
{
    /// <summary>It is not in this build, or its hardware or driver is not there.</summary>
    Missing,

    /// <summary>It is there and could not open or run the model.</summary>
    Failed,

    /// <summary>Its answers differ from those of the processor by more than the tolerance.</summary>
    WrongResult,

    /// <summary>It is slower than the processor.</summary>
    TooSlow,

    /// <summary>The model is none for it.</summary>
    Declined,
}
