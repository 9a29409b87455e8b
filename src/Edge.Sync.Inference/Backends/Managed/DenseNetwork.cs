using System.Diagnostics.CodeAnalysis;
using Edge.Sync.Inference.Onnx;

namespace Edge.Sync.Inference.Backends.Managed;

/// <summary>A chain of dense steps, read from an ONNX graph that is one.</summary>
internal sealed class DenseNetwork : ILoadedModel
{
    private readonly DenseStep[] _steps;

    private DenseNetwork(OnnxFile file, DenseStep[] steps)
    {
        _steps = steps;
        (InputWidth, OutputWidth) = (file.Input.Width, file.Output.Width);
        (Version, Metadata) = (file.Version, file.Metadata);
        Parameters = steps.Sum(static step => step.Parameters);
        WidestRow = steps.Max(static step => Math.Max(step.InputWidth, step.OutputWidth));
    }

    public int InputWidth { get; }

    public int OutputWidth { get; }

    public long? Version { get; }

    public IReadOnlyDictionary<string, string> Metadata { get; }

    public string Place => "managed";

    public long MemoryBytes => sizeof(float) * (Parameters + 2L * WidestRow);

    public IReadOnlyList<ProviderFallback> Fallbacks => [];

    public long Parameters { get; }

    public int WidestRow { get; }

    public ReadOnlySpan<DenseStep> Steps => _steps;

    public IModelRunner CreateRunner(int rows) => new DenseRunner(this, rows);

    public void Dispose()
    {
    }

    /// <summary>The network of a graph whose operators form one chain from input to output; else the reason why it is none.</summary>
    public static bool TryRead(ReadOnlySpan<byte> onnx, [NotNullWhen(true)] out DenseNetwork? network, [NotNullWhen(false)] out string? reason)
    {
        (network, reason) = (null, "it is no chain of dense layers that the managed backend knows");
        if (OnnxFile.TryRead(onnx) is not { } file)
            return false;
        var steps = new List<DenseStep>(file.Nodes.Count);
        var (row, width) = file.Input;
        foreach (var node in file.Nodes)
        {
            if (node.Inputs is not [var first, ..] || first != row || StepOf(node, file, width) is not { } step)
                return false;
            // What copies only is left out.
            if (node.Operation != "Identity")
                steps.Add(step);
            (row, width) = (node.Output, step.OutputWidth);
        }
        if (row != file.Output.Name || width != file.Output.Width)
            return false;
        if (steps.Count == 0)
            steps.Add(new ActivationStep(Activation.Identity, width));
        (network, reason) = (new(file, [.. steps]), null);
        return true;
    }

    private static DenseStep? StepOf(OnnxNode node, OnnxFile file, int width) => (node.Operation, node.Inputs.Count) switch
    {
        ("Tanh", 1) => new ActivationStep(Activation.Tanh, width),
        ("Relu", 1) => new ActivationStep(Activation.Relu, width),
        ("Sigmoid", 1) => new ActivationStep(Activation.Sigmoid, width),
        ("Identity", 1) => new ActivationStep(Activation.Identity, width),
        ("Add", 2) => Constant(ConstantOperation.Add, node, file, width),
        ("Sub", 2) => Constant(ConstantOperation.Subtract, node, file, width),
        ("Mul", 2) => Constant(ConstantOperation.Multiply, node, file, width),
        ("Gemm", 3) => Dense(node, file, width),
        _ => null,
    };

    private static ConstantStep? Constant(ConstantOperation operation, OnnxNode node, OnnxFile file, int width) =>
        file.Constants.TryGetValue(node.Inputs[1], out var constant) && constant.Dimensions is [var count] && count == width
            ? new(operation, constant.Values)
            : null;

    private static DenseLayer? Dense(OnnxNode node, OnnxFile file, int width) =>
        file.Constants.TryGetValue(node.Inputs[1], out var weights) && weights.Dimensions is [var from, var to] && from == width
        && file.Constants.TryGetValue(node.Inputs[2], out var bias) && bias.Dimensions is [var biases] && biases == to
            ? new(weights.Values, bias.Values, from, to)
            : null;
}
