using System.Numerics.Tensors;
using Edge.Sync.Inference.Learning;
using Edge.Sync.Inference.Onnx;

namespace Edge.Sync.Inference;

/// <summary>A small dense network whose weights can be learned on the device, averaged with those of others, and written as an ONNX model.</summary>
/// <remarks>
/// All weights lie in one row, <see cref="Parameters"/>: layer by layer the weights as <c>[from, to]</c> row by row, then the biases. The same seed gives the same
/// network. Not safe for several threads while it learns; <see cref="Predict"/> is not safe either, since it uses buffers of its own.
/// </remarks>
public sealed class TrainableNetwork
{
    private const int LayersMax = 64;
    private const long ParametersMax = 1 << 24;

    private readonly int[] _widths;
    private readonly LayerActivation[] _activations;
    private readonly float[] _parameters;
    private readonly float[][] _rows;

    private TrainableNetwork(int[] widths, LayerActivation[] activations)
    {
        (_widths, _activations) = (widths, activations);
        var count = 0L;
        for (var layer = 0; layer < activations.Length; layer++)
            count += (widths[layer] + 1L) * widths[layer + 1];
        if (count > ParametersMax)
            throw new ArgumentException($"A network that learns on a device has at most {ParametersMax} parameters, not {count}.", nameof(widths));
        _parameters = new float[count];
        _rows = [.. widths.Select(static width => new float[width])];
    }

    /// <summary>How many values it takes.</summary>
    public int InputWidth => _widths[0];

    /// <summary>How many it answers.</summary>
    public int OutputWidth => _widths[^1];

    /// <summary>All weights and biases. To set them is to have another network.</summary>
    public Span<float> Parameters => _parameters;

    internal int LayerCount => _activations.Length;

    internal ReadOnlySpan<int> Widths => _widths;

    internal ReadOnlySpan<LayerActivation> Activations => _activations;

    /// <summary>A dense network with weights drawn from a seed: uniform within ±1/√(values in), biases 0.</summary>
    /// <param name="widths">The input's width, those of hidden layers, the output's: at least two numbers.</param>
    /// <param name="hidden">What hidden layers make of their sums.</param>
    /// <param name="output">What the last layer makes of them.</param>
    /// <param name="seed">Where the weights come from.</param>
    public static TrainableNetwork Dense(ReadOnlySpan<int> widths, LayerActivation hidden, LayerActivation output, ulong seed)
    {
        if (widths.Length is < 2 or > LayersMax + 1)
            throw new ArgumentException($"A network has 1 to {LayersMax} layers: give 2 to {LayersMax + 1} widths, not {widths.Length}.", nameof(widths));
        foreach (var width in widths)
            ArgumentOutOfRangeException.ThrowIfNegativeOrZero(width, nameof(widths));
        var activations = new LayerActivation[widths.Length - 1];
        Array.Fill(activations, hidden);
        activations[^1] = output;
        var network = new TrainableNetwork(widths.ToArray(), activations);
        var random = new SplitMix64(seed);
        for (var layer = 0; layer < network.LayerCount; layer++)
        {
            var limit = MathF.Sqrt(1f / network._widths[layer]);
            foreach (ref var weight in network.WeightsOf(layer))
                weight = (2 * random.NextSingle() - 1) * limit;
        }
        return network;
    }

    /// <summary>A network that squeezes a row through a few hidden units and rebuilds it: what it has not seen it rebuilds badly (Hinton and Salakhutdinov, Science 2006).</summary>
    public static TrainableNetwork Autoencoder(int width, int hidden, ulong seed) => Dense([width, hidden, width], LayerActivation.Tanh, LayerActivation.Identity, seed);

    /// <summary>The chance of one outcome as a logistic function of a weighted sum. Begins with weights 0.</summary>
    public static TrainableNetwork LogisticRegression(int width)
    {
        var network = Dense([width, 1], LayerActivation.Sigmoid, LayerActivation.Sigmoid, seed: 0);
        network.Parameters.Clear();
        return network;
    }

    /// <summary>The network in an ONNX model, to go on learning from where it is.</summary>
    /// <param name="name">What errors call the model.</param>
    /// <param name="onnx">The bytes of an <c>.onnx</c> file.</param>
    /// <exception cref="EdgeModelException">It is no chain of dense layers with the activations of <see cref="LayerActivation"/>.</exception>
    public static TrainableNetwork FromOnnx(string name, ReadOnlySpan<byte> onnx)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        var file = OnnxFile.TryRead(onnx) ?? throw NoNetwork(name);
        var widths = new List<int> { file.Input.Width };
        var activations = new List<LayerActivation>();
        var parameters = new List<float>();
        var row = file.Input.Name;
        foreach (var node in file.Nodes)
        {
            if (node.Inputs is not [var first, ..] || first != row)
                throw NoNetwork(name);
            row = node.Output;
            LayerActivation? activation = node.Operation switch
            {
                "Tanh" => LayerActivation.Tanh,
                "Relu" => LayerActivation.Relu,
                "Sigmoid" => LayerActivation.Sigmoid,
                _ => null,
            };
            if (activation is { } known && activations.Count > 0 && activations[^1] == LayerActivation.Identity)
                activations[^1] = known;
            else if (node.Operation == "Gemm" && node.Inputs.Count == 3 && activations.Count < LayersMax
                && file.Constants.TryGetValue(node.Inputs[1], out var weights) && weights.Dimensions is [var from, var to] && from == widths[^1]
                && file.Constants.TryGetValue(node.Inputs[2], out var bias) && bias.Dimensions is [var biases] && biases == to)
            {
                widths.Add(to);
                activations.Add(LayerActivation.Identity);
                parameters.AddRange(weights.Values);
                parameters.AddRange(bias.Values);
            }
            else if (node.Operation != "Identity")
            {
                throw NoNetwork(name);
            }
        }
        if (activations.Count == 0 || row != file.Output.Name || parameters.Count > ParametersMax)
            throw NoNetwork(name);
        var network = new TrainableNetwork([.. widths], [.. activations]);
        parameters.CopyTo(network._parameters);
        return network;
    }

    /// <summary>Another network that is the same for now.</summary>
    public TrainableNetwork Clone()
    {
        var clone = new TrainableNetwork(_widths, _activations);
        _parameters.CopyTo(clone._parameters, 0);
        return clone;
    }

    /// <summary>Computes the answer to a row.</summary>
    public void Predict(ReadOnlySpan<float> row, Span<float> output)
    {
        if (row.Length != InputWidth || output.Length != OutputWidth)
            throw new ArgumentException($"The network takes {InputWidth} values and answers {OutputWidth}; it was given {row.Length} and room for {output.Length}.", nameof(row));
        Forward(row, _rows);
        _rows[^1].CopyTo(output);
    }

    /// <summary>The same network as an ONNX graph, to which metadata can be added.</summary>
    /// <param name="name">The model's name.</param>
    /// <param name="version">Its version, greater than 0.</param>
    public OnnxGraph ToOnnx(string name, long version = 1)
    {
        var graph = new OnnxGraph(name, version);
        var row = graph.Input("features", InputWidth);
        for (var layer = 0; layer < LayerCount; layer++)
        {
            row = graph.Gemm(row, WeightsOf(layer), BiasOf(layer));
            row = _activations[layer] switch
            {
                LayerActivation.Tanh => graph.Tanh(row),
                LayerActivation.Relu => graph.Relu(row),
                LayerActivation.Sigmoid => graph.Sigmoid(row),
                _ => row,
            };
        }
        graph.Output("output", row);
        return graph;
    }

    internal static TrainableNetwork Of(int[] widths, LayerActivation[] activations) => new(widths, activations);

    /// <summary>Fills <paramref name="rows"/>: the input, and behind each layer what it answers.</summary>
    internal void Forward(ReadOnlySpan<float> row, float[][] rows)
    {
        row.CopyTo(rows[0]);
        for (var layer = 0; layer < LayerCount; layer++)
        {
            var (input, output) = (rows[layer], rows[layer + 1]);
            var weights = WeightsOf(layer);
            BiasOf(layer).CopyTo(output);
            for (var from = 0; from < input.Length; from++)
                TensorPrimitives.MultiplyAdd(weights.Slice(from * output.Length, output.Length), input[from], output, output);
            Activate(_activations[layer], output);
        }
    }

    /// <summary>Adds the gradient of the loss by each parameter, given that by the last layer's sums.</summary>
    /// <param name="rows">As <see cref="Forward"/> has left them.</param>
    /// <param name="errors">One row for each of <paramref name="rows"/>; the last holds the gradient by the sums, the others are overwritten.</param>
    /// <param name="gradient">As long as <see cref="Parameters"/>.</param>
    internal void Backward(float[][] rows, float[][] errors, Span<float> gradient)
    {
        for (var layer = LayerCount - 1; layer >= 0; layer--)
        {
            var (input, error) = (rows[layer], errors[layer + 1]);
            var (start, width) = (OffsetOf(layer), error.Length);
            var weights = WeightsOf(layer);
            for (var from = 0; from < input.Length; from++)
            {
                var to = gradient.Slice(start + from * width, width);
                TensorPrimitives.MultiplyAdd(error, input[from], to, to);
            }
            var bias = gradient.Slice(start + input.Length * width, width);
            TensorPrimitives.Add(bias, error, bias);
            if (layer == 0)
                return;
            var below = errors[layer];
            for (var from = 0; from < input.Length; from++)
                below[from] = TensorPrimitives.Dot(weights.Slice(from * width, width), error) * Slope(_activations[layer - 1], input[from]);
        }
    }

    private static EdgeModelException NoNetwork(string name) => new(name, version: null,
        $"The model '{name}' is no chain of dense layers, so it cannot learn here. Models that {nameof(TrainableNetwork)}.{nameof(ToOnnx)} has written can; train others elsewhere.");

    internal static float Slope(LayerActivation activation, float output) => activation switch
    {
        LayerActivation.Tanh => 1 - output * output,
        LayerActivation.Relu => output > 0 ? 1 : 0,
        LayerActivation.Sigmoid => output * (1 - output),
        _ => 1,
    };

    // In double and then rounded, so that platforms whose last bits differ still agree.
    private static void Activate(LayerActivation activation, Span<float> row)
    {
        switch (activation)
        {
            case LayerActivation.Tanh:
                foreach (ref var value in row)
                    value = (float)Math.Tanh(value);
                break;
            case LayerActivation.Relu:
                foreach (ref var value in row)
                    value = value > 0 ? value : 0;
                break;
            case LayerActivation.Sigmoid:
                foreach (ref var value in row)
                    value = (float)(1 / (1 + Math.Exp(-value)));
                break;
        }
    }

    private Span<float> WeightsOf(int layer) => _parameters.AsSpan(OffsetOf(layer), _widths[layer] * _widths[layer + 1]);

    private Span<float> BiasOf(int layer) => _parameters.AsSpan(OffsetOf(layer) + _widths[layer] * _widths[layer + 1], _widths[layer + 1]);

    private int OffsetOf(int layer)
    {
        var offset = 0;
        for (var i = 0; i < layer; i++)
            offset += (_widths[i] + 1) * _widths[i + 1];
        return offset;
    }
}
