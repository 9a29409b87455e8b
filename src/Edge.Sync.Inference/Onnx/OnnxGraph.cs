using System.Globalization;

namespace Edge.Sync.Inference.Onnx;

/// <summary>Writes small dense networks and ensembles of trees as ONNX models, so that a device can train one without any other tool.</summary>
/// <remarks>
/// One row in, one row out: the shape is <c>[1, width]</c> throughout. The format is that of onnx.proto (github.com/onnx/onnx): IR version 8, operator
/// set 17, and set 3 of ai.onnx.ml where there are trees; every runtime since 2022 reads it. The same calls give the same bytes. Not safe for several threads.
/// </remarks>
public sealed partial class OnnxGraph
{
    private const int IrVersion = 8;
    private const int OperatorSet = 17;
    private const int FloatType = 1;

    private readonly string _name;
    private readonly long _version;
    private readonly ProtobufWriter _nodes = new();
    private readonly ProtobufWriter _initializers = new();
    private readonly ProtobufWriter _ends = new();
    private readonly SortedDictionary<string, string> _metadata = new(StringComparer.Ordinal);
    private int _values;
    private bool _hasInput;
    private bool _hasOutput;
    private bool _hasTrees;

    /// <summary>An empty graph.</summary>
    /// <param name="name">The model's name.</param>
    /// <param name="version">Its version, greater than 0; errors and provenance name it.</param>
    public OnnxGraph(string name, long version = 1)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(version);
        (_name, _version) = (name, version);
    }

    /// <summary>The one input.</summary>
    public OnnxValue Input(string name, int width)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(width);
        if (_hasInput)
            throw new InvalidOperationException("The graph has its input already.");
        _hasInput = true;
        _ends.Message(GraphField.Input, ValueInfo(name, width));
        return new(this, name, width);
    }

    /// <summary>A dense layer: <c>row × weights + bias</c>.</summary>
    /// <param name="row">The layer's input.</param>
    /// <param name="weights">Row by row, one row for each value of <paramref name="row"/>: <c>row.Width × bias.Length</c> numbers.</param>
    /// <param name="bias">One number for each output.</param>
    public OnnxValue Gemm(OnnxValue row, ReadOnlySpan<float> weights, ReadOnlySpan<float> bias)
    {
        Check(row);
        if (bias.IsEmpty || weights.Length != (long)row.Width * bias.Length)
            throw new ArgumentException($"A layer from {row.Width} to {bias.Length} values has {(long)row.Width * bias.Length} weights, not {weights.Length}.", nameof(weights));
        return Node("Gemm", bias.Length, row.Name, Constant(weights, row.Width, bias.Length), Constant(bias, bias.Length));
    }

    /// <summary>The hyperbolic tangent of each value.</summary>
    public OnnxValue Tanh(OnnxValue row) => Each("Tanh", row);

    /// <summary>Each value, or 0 where it is negative.</summary>
    public OnnxValue Relu(OnnxValue row) => Each("Relu", row);

    /// <summary>The logistic function of each value.</summary>
    public OnnxValue Sigmoid(OnnxValue row) => Each("Sigmoid", row);

    /// <summary>Takes a constant from each value.</summary>
    public OnnxValue Sub(OnnxValue row, ReadOnlySpan<float> constants) => EachWith("Sub", row, constants);

    /// <summary>Multiplies each value by a constant.</summary>
    public OnnxValue Mul(OnnxValue row, ReadOnlySpan<float> constants) => EachWith("Mul", row, constants);

    /// <summary>The one output.</summary>
    public void Output(string name, OnnxValue row)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        Check(row);
        if (_hasOutput)
            throw new InvalidOperationException("The graph has its output already.");
        _hasOutput = true;
        Write("Identity", name, row.Name);
        _ends.Message(GraphField.Output, ValueInfo(name, row.Width));
    }

    /// <summary>Sets an entry of the model's metadata, such as <see cref="ModelMetadataKeys.Mean"/>.</summary>
    public void Metadata(string key, string value)
    {
        ArgumentException.ThrowIfNullOrEmpty(key);
        ArgumentNullException.ThrowIfNull(value);
        _metadata[key] = value;
    }

    /// <summary>Sets a list of numbers in the model's metadata; they are read back exactly.</summary>
    public void Metadata(string key, ReadOnlySpan<float> values)
    {
        var texts = new string[values.Length];
        for (var i = 0; i < values.Length; i++)
            texts[i] = values[i].ToString("R", CultureInfo.InvariantCulture);
        Metadata(key, string.Join(',', texts));
    }

    /// <summary>The bytes of the <c>.onnx</c> file.</summary>
    public byte[] ToArray()
    {
        if (!_hasInput || !_hasOutput)
            throw new InvalidOperationException("A graph needs an input and an output: call Input first and Output last.");
        var graph = new ProtobufWriter();
        var model = new ProtobufWriter()
            .Integer(ModelField.IrVersion, IrVersion)
            .Text(ModelField.ProducerName, "Edge.Sync")
            .Integer(ModelField.ModelVersion, _version)
            .Message(ModelField.Graph, graph.Append(_nodes).Text(GraphField.Name, _name).Append(_initializers).Append(_ends))
            .Message(ModelField.OperatorSet, new ProtobufWriter().Integer(OperatorSetField.Version, OperatorSet));
        if (_hasTrees)
            model.Message(ModelField.OperatorSet, new ProtobufWriter().Text(OperatorSetField.Domain, TreeDomain).Integer(OperatorSetField.Version, TreeOperatorSet));
        foreach (var (key, value) in _metadata)
            model.Message(ModelField.Metadata, new ProtobufWriter().Text(EntryField.Key, key).Text(EntryField.Value, value));
        return model.Written.ToArray();
    }

    private OnnxValue Each(string operation, OnnxValue row)
    {
        Check(row);
        return Node(operation, row.Width, row.Name);
    }

    private OnnxValue EachWith(string operation, OnnxValue row, ReadOnlySpan<float> constants)
    {
        Check(row);
        if (constants.Length != row.Width)
            throw new ArgumentException($"A row of {row.Width} values needs as many constants, not {constants.Length}.", nameof(constants));
        return Node(operation, row.Width, row.Name, Constant(constants, row.Width));
    }

    private OnnxValue Node(string operation, int width, params ReadOnlySpan<string> inputs)
    {
        var name = NextName();
        Write(operation, name, inputs);
        return new(this, name, width);
    }

    private void Write(string operation, string output, params ReadOnlySpan<string> inputs)
    {
        var node = new ProtobufWriter();
        foreach (var input in inputs)
            node.Text(NodeField.Input, input);
        _nodes.Message(GraphField.Node, node.Text(NodeField.Output, output).Text(NodeField.Operation, operation));
    }

    private string Constant(ReadOnlySpan<float> values, params ReadOnlySpan<int> dimensions)
    {
        var name = NextName();
        var tensor = new ProtobufWriter();
        foreach (var dimension in dimensions)
            tensor.Integer(TensorField.Dimension, dimension);
        _initializers.Message(GraphField.Initializer, tensor.Integer(TensorField.Type, FloatType).Text(TensorField.Name, name).Floats(TensorField.RawData, values));
        return name;
    }

    // The prefix keeps generated names apart from those of input and output.
    private string NextName() => $"/{++_values}";

    private void Check(OnnxValue row)
    {
        ArgumentNullException.ThrowIfNull(row);
        if (row.Graph != this)
            throw new ArgumentException("The row belongs to another graph.", nameof(row));
    }

    private static ProtobufWriter ValueInfo(string name, int width)
    {
        var shape = new ProtobufWriter()
            .Message(ShapeField.Dimension, new ProtobufWriter().Integer(DimensionField.Value, 1))
            .Message(ShapeField.Dimension, new ProtobufWriter().Integer(DimensionField.Value, width));
        var tensor = new ProtobufWriter().Integer(TensorTypeField.ElementType, FloatType).Message(TensorTypeField.Shape, shape);
        return new ProtobufWriter().Text(ValueInfoField.Name, name).Message(ValueInfoField.Type, new ProtobufWriter().Message(TypeField.Tensor, tensor));
    }
}
