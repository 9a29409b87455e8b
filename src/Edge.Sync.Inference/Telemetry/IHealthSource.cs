namespace Edge.Sync.Inference.Telemetry;

/// <summary>What has a health: a pipeline without its types, or a worker.</summary>
internal interface IHealthSource
{
    InferenceHealth GetHealth();
}
