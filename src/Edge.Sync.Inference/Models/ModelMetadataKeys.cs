namespace Edge.Sync.Inference;

/// <summary>Names in an ONNX model's metadata that pipelines read.</summary>
public static class ModelMetadataKeys
{
    /// <summary>The mean of each feature over the training data: numbers with commas between them, or one number for all features.</summary>
    public const string Mean = "edge.features.mean";

    /// <summary>The scale (standard deviation) of each feature; written as <see cref="Mean"/> is, each greater than 0.</summary>
    public const string Scale = "edge.features.scale";
}
