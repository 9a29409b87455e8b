namespace Edge.Sync.Inference.Onnx;

/// <summary>A row of floats that flows through an <see cref="OnnxGraph"/>: its input, or the result of one of its operators.</summary>
public sealed class OnnxValue
{
    internal OnnxValue(OnnxGraph graph, string name, int width) => (Graph, Name, Width) = (graph, name, width);

    internal OnnxGraph Graph { get; }

    internal string Name { get; }

    /// <summary>How many floats the row has.</summary>
    public int Width { get; }
}
