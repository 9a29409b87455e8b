namespace Edge.Sync.Inference;

/// <summary>Whether a pipeline does what it is there for.</summary>
/// <param name="State">The verdict.</param>
/// <param name="Reasons">Why it is not healthy, in words; empty where it is.</param>
public sealed record InferenceHealth(InferenceHealthState State, IReadOnlyList<string> Reasons);

/// <summary>Verdicts on a pipeline, the best first.</summary>
public enum InferenceHealthState
{
    /// <summary>Readings are judged by the version that is meant to.</summary>
    Healthy,

    /// <summary>Readings are judged, and something is wrong: shed, expired, drifted, or judged by an older version.</summary>
    Degraded,

    /// <summary>Readings are not judged.</summary>
    Unhealthy,
}
