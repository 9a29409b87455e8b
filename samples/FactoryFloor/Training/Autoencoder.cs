using Edge.Sync.Inference.Onnx;

namespace FactoryFloor.Training;

/// <summary>A dense network that squeezes a row of features through a few hidden units and rebuilds it: what it has not seen, it rebuilds badly.</summary>
/// <remarks>
/// <c>output = decode(tanh(encode(row)))</c>, after Hinton and Salakhutdinov, Science 2006. Weights lie as <c>[from, to]</c>, row by row, which is also
/// how the ONNX model holds them.
/// </remarks>
internal sealed class Autoencoder
{
    public Autoencoder(int width, int hidden, SeededRandom random)
    {
        Width = width;
        Hidden = hidden;
        EncoderWeights = Uniform(width * hidden, fanIn: width, random);
        EncoderBias = new float[hidden];
        DecoderWeights = Uniform(hidden * width, fanIn: hidden, random);
        DecoderBias = new float[width];
    }

    public int Width { get; }

    public int Hidden { get; }

    public float[] EncoderWeights { get; }

    public float[] EncoderBias { get; }

    public float[] DecoderWeights { get; }

    public float[] DecoderBias { get; }

    /// <summary>Fills <paramref name="code"/> with the hidden units and <paramref name="output"/> with the row rebuilt from them.</summary>
    public void Reconstruct(ReadOnlySpan<float> row, Span<float> code, Span<float> output)
    {
        Dense(row, EncoderWeights, EncoderBias, code);
        foreach (ref var unit in code)
            // In double and then rounded, so that platforms whose last bits differ still agree.
            unit = (float)Math.Tanh(unit);
        Dense(code, DecoderWeights, DecoderBias, output);
    }

    /// <summary>The same network as an ONNX graph.</summary>
    public OnnxGraph ToOnnx(string name, long version = 1)
    {
        var graph = new OnnxGraph(name, version);
        var code = graph.Tanh(graph.Gemm(graph.Input("features", Width), EncoderWeights, EncoderBias));
        graph.Output("reconstruction", graph.Gemm(code, DecoderWeights, DecoderBias));
        return graph;
    }

    private static void Dense(ReadOnlySpan<float> row, ReadOnlySpan<float> weights, ReadOnlySpan<float> bias, Span<float> output)
    {
        bias.CopyTo(output);
        for (var from = 0; from < row.Length; from++)
            for (var to = 0; to < output.Length; to++)
                output[to] += row[from] * weights[from * output.Length + to];
    }

    private static float[] Uniform(int count, int fanIn, SeededRandom random)
    {
        var limit = MathF.Sqrt(1f / fanIn);
        var weights = new float[count];
        for (var i = 0; i < count; i++)
            weights[i] = (2 * random.NextSingle() - 1) * limit;
        return weights;
    }
}
