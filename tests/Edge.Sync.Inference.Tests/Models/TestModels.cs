using Edge.Sync.Inference.Onnx;

namespace Edge.Sync.Inference.Tests.Models;

internal static class TestModels
{
    /// <summary>Answers zeros, so that the reconstruction error is the root mean square of the features: easy to compute by hand.</summary>
    public static byte[] Zero(int width, Action<OnnxGraph>? more = null)
    {
        var graph = new OnnxGraph("zero");
        graph.Output("output", graph.Mul(graph.Input("features", width), new float[width]));
        more?.Invoke(graph);
        return graph.ToArray();
    }

    /// <summary>A dense layer with weights that follow from the seed.</summary>
    public static (float[] Weights, float[] Bias) Layer(Random random, int from, int to) => (Row(random, from * to), Row(random, to));

    public static float[] Row(Random random, int count)
    {
        var row = new float[count];
        for (var i = 0; i < count; i++)
            row[i] = (random.NextSingle() - 0.5f) * 2;
        return row;
    }
}
