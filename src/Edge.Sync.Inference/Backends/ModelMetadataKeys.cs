namespace Edge.Sync.Inference;

/// <summary>Names in an ONNX model's metadata that pipelines read.</summary>
public static class ModelMetadataKeys
{
    /// <summary>The mean of each feature over the training data: numbers with commas between them, or one number for all features.</summary>
    public const string Mean = "edge.features.mean";

    /// <summary>The scale (standard deviation) of each feature; written as <see cref="Mean"/> is, each greater than 0.</summary>
    public const string Scale = "edge.features.scale";

    /// <summary>
    /// What scores are divided by before a decision sees them: one number greater than 0. A trainer writes the score that is usual for the model there, and
    /// a rule such as "above 3" then holds for the next version of the model too. Scores stay as they are where it is absent.
    /// </summary>
    public const string ScoreScale = "edge.score.scale";

    /// <summary>The name of how the features are made, where no manifest says it: see <see cref="ModelManifest.FeatureSet"/>.</summary>
    public const string FeatureSet = "edge.features.set";

    /// <summary>The inner edges of the bins of each feature's histogram, feature by feature; <see cref="ReferenceHistogram"/> makes them.</summary>
    public const string HistogramEdges = "edge.features.histogram.edges";

    /// <summary>The share of the training data in each bin, feature by feature: one number more for each feature than <see cref="HistogramEdges"/>.</summary>
    public const string HistogramShares = "edge.features.histogram.shares";
}
