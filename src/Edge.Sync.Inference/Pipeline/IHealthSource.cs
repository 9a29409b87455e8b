namespace Edge.Sync.Inference.Pipeline;

/// <summary>A pipeline without its types, as far as its health goes.</summary>
internal interface IHealthSource
{
    InferenceHealth GetHealth();
}
