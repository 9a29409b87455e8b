using Edge.Sync.Inference.Onnx;

namespace Edge.Sync.Inference.Training;

/// <summary>The chance of class 1 as a logistic function of a weighted sum of normalised features.</summary>
public sealed class LogisticModel : TabularModel
{
    private readonly float[] _mean, _scale, _weights, _row;
    private readonly float _bias;
    private readonly MachineLearningRows.Prediction _predict;

    internal LogisticModel(float[] mean, float[] scale, float[] weights, float bias, MachineLearningRows.Prediction predict) : base(weights.Length) =>
        (_mean, _scale, _weights, _bias, _predict, _row) = (mean, scale, weights, bias, predict, new float[weights.Length]);

    /// <summary>What each normalised feature counts.</summary>
    public IReadOnlyList<float> Weights => _weights;

    /// <summary>What is added to the weighted sum.</summary>
    public float Bias => _bias;

    /// <inheritdoc/>
    public override byte[] ToOnnx(string name, long version = 1)
    {
        var graph = new OnnxGraph(name, version);
        var row = graph.Mul(graph.Sub(graph.Input("x", InputWidth), _mean), _scale);
        graph.Output("y", graph.Sigmoid(graph.Gemm(row, _weights, [_bias])));
        return graph.ToArray();
    }

    private protected override float Compute(ReadOnlySpan<float> row)
    {
        Normalize(row, _mean, _scale, _row);
        return _predict(_row);
    }

    /// <summary>Mean and reciprocal deviation of each feature; 1 for one that never changes.</summary>
    internal static (float[] Mean, float[] Scale) Normalize(TrainingSet data)
    {
        var (mean, scale) = (new float[data.InputWidth], new float[data.InputWidth]);
        for (var i = 0; i < mean.Length; i++)
        {
            var (sum, squares) = (0.0, 0.0);
            for (var row = 0; row < data.Count; row++)
                sum += data.InputOf(row)[i];
            mean[i] = (float)(sum / data.Count);
            for (var row = 0; row < data.Count; row++)
                squares += Math.Pow(data.InputOf(row)[i] - mean[i], 2);
            var deviation = Math.Sqrt(squares / data.Count);
            scale[i] = deviation > 0 ? (float)(1 / deviation) : 1;
        }
        return (mean, scale);
    }

    internal static void Normalize(ReadOnlySpan<float> row, float[] mean, float[] scale, float[] normalized)
    {
        for (var i = 0; i < normalized.Length; i++)
            normalized[i] = (row[i] - mean[i]) * scale[i];
    }
}
