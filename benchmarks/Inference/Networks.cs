using Edge.Sync.Inference.Onnx;

namespace Edge.Sync.Benchmarks.Inference;

/// <summary>Dense networks of given widths, with tanh between the layers.</summary>
internal static class Networks
{
    public static byte[] Dense(params ReadOnlySpan<int> widths)
    {
        var random = new Random(7);
        var graph = new OnnxGraph("dense", version: widths[^1]);
        var row = graph.Input("x", widths[0]);
        for (var layer = 1; layer < widths.Length; layer++)
        {
            var weights = new float[widths[layer - 1] * widths[layer]];
            foreach (ref var weight in weights.AsSpan()) weight = (random.NextSingle() - 0.5f) / MathF.Sqrt(widths[layer - 1]);
            row = graph.Gemm(row, weights, new float[widths[layer]]);
            if (layer < widths.Length - 1) row = graph.Tanh(row);
        }
        graph.Output("y", row);
        return graph.ToArray();
    }

    public static int Parameters(params ReadOnlySpan<int> widths)
    {
        var count = 0;
        for (var layer = 1; layer < widths.Length; layer++) count += (widths[layer - 1] + 1) * widths[layer];
        return count;
    }
}
