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

    /// <summary>A model in code that answers zeros after a time of work.</summary>
    public static ModelContent Busy(TimeSpan duration, int width = 1) => ModelContent.FromFunction("busy", width, width, (_, output) =>
    {
        var started = System.Diagnostics.Stopwatch.GetTimestamp();
        while (System.Diagnostics.Stopwatch.GetElapsedTime(started) < duration)
        {
        }
        output.Clear();
    });

    /// <summary>A model in code that answers each row by one number.</summary>
    public static ModelContent Answering(float answer, long version, string name = "answer", int width = 1) =>
        ModelContent.FromFunction(name, width, 1, (_, output) => output[0] = answer, version);

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
