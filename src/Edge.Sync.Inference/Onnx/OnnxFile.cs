namespace Edge.Sync.Inference.Onnx;

/// <summary>An ONNX model taken apart, as far as dense networks need it: nodes in their order, constants, one input, one output.</summary>
/// <remarks>Reading is strict: whatever is not understood makes the whole model one that is not, so a model is never run otherwise than it says.</remarks>
internal sealed class OnnxFile
{
    private const int NodesMax = 256;
    private const int EntriesMax = 256;
    private const int FloatType = 1;

    private readonly List<OnnxNode> _nodes = [];
    private readonly Dictionary<string, OnnxTensor> _constants = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _metadata = new(StringComparer.Ordinal);

    public long? Version { get; private set; }

    public IReadOnlyList<OnnxNode> Nodes => _nodes;

    public IReadOnlyDictionary<string, OnnxTensor> Constants => _constants;

    public IReadOnlyDictionary<string, string> Metadata => _metadata;

    /// <summary>Name and width of the one input.</summary>
    public (string Name, int Width) Input { get; private set; }

    public (string Name, int Width) Output { get; private set; }

    /// <summary>Reads a model; null where it is not understood as a whole.</summary>
    public static OnnxFile? TryRead(ReadOnlySpan<byte> bytes)
    {
        var file = new OnnxFile();
        return file.TryReadModel(bytes) && file.Input.Width > 0 && file.Output.Width > 0 ? file : null;
    }

    private bool TryReadModel(ReadOnlySpan<byte> bytes)
    {
        var reader = new ProtobufReader(bytes);
        var graphs = 0;
        while (reader.TryReadField())
            switch (reader.Field)
            {
                case ModelField.ModelVersion:
                    Version = reader.Number is 0 or > long.MaxValue ? null : (long)reader.Number;
                    break;
                case ModelField.Graph:
                    if (!reader.IsBytes || ++graphs > 1 || !TryReadGraph(reader.Content))
                        return false;
                    break;
                case ModelField.Metadata:
                    if (!reader.IsBytes || _metadata.Count == EntriesMax || !TryReadEntry(reader.Content))
                        return false;
                    break;
                case ModelField.IrVersion:
                    if (reader.Number is < 7 or > 12)
                        return false;
                    break;
                case ModelField.OperatorSet:
                    if (!reader.IsBytes || !TryReadOperatorSet(reader.Content))
                        return false;
                    break;
                case ModelField.ProducerName:
                    break;
                default:
                    return false;
            }
        return !reader.Failed && graphs == 1;
    }

    // The operators that are run have meant the same since set 13.
    private static bool TryReadOperatorSet(ReadOnlySpan<byte> bytes)
    {
        var reader = new ProtobufReader(bytes);
        while (reader.TryReadField())
            if (reader.Field != OperatorSetField.Version || reader.Number is < 13 or > 22)
                return false;
        return !reader.Failed;
    }

    private bool TryReadEntry(ReadOnlySpan<byte> bytes)
    {
        var reader = new ProtobufReader(bytes);
        string? key = null, value = "";
        while (reader.TryReadField())
            switch (reader.Field)
            {
                case EntryField.Key:
                    key = reader.Text;
                    break;
                case EntryField.Value:
                    value = reader.Text;
                    break;
                default:
                    return false;
            }
        return !reader.Failed && key is not null && value is not null && _metadata.TryAdd(key, value);
    }

    private bool TryReadGraph(ReadOnlySpan<byte> bytes)
    {
        var reader = new ProtobufReader(bytes);
        while (reader.TryReadField())
        {
            if (!reader.IsBytes)
                return false;
            switch (reader.Field)
            {
                case GraphField.Node:
                    if (_nodes.Count == NodesMax || OnnxNode.TryRead(reader.Content) is not { } node)
                        return false;
                    _nodes.Add(node);
                    break;
                case GraphField.Initializer:
                    if (OnnxTensor.TryRead(reader.Content) is not { } tensor || !_constants.TryAdd(tensor.Name, tensor))
                        return false;
                    break;
                case GraphField.Input:
                    if (Input.Width != 0 || !TryReadValue(reader.Content, out var input))
                        return false;
                    Input = input;
                    break;
                case GraphField.Output:
                    if (Output.Width != 0 || !TryReadValue(reader.Content, out var output))
                        return false;
                    Output = output;
                    break;
                case GraphField.Name:
                    break;
                default:
                    return false;
            }
        }
        return !reader.Failed;
    }

    private static bool TryReadValue(ReadOnlySpan<byte> bytes, out (string Name, int Width) value)
    {
        value = default;
        var reader = new ProtobufReader(bytes);
        string? name = null;
        var width = 0;
        while (reader.TryReadField())
            switch (reader.Field)
            {
                case ValueInfoField.Name:
                    name = reader.Text;
                    break;
                case ValueInfoField.Type:
                    if (!TryReadWidth(reader.Content, out width))
                        return false;
                    break;
                default:
                    return false;
            }
        value = (name ?? "", width);
        return !reader.Failed && name is { Length: > 0 } && width > 0;
    }

    private static bool TryReadWidth(ReadOnlySpan<byte> type, out int width)
    {
        width = 0;
        var outer = new ProtobufReader(type);
        if (!outer.TryReadField() || outer.Field != TypeField.Tensor || !outer.IsBytes)
            return false;
        var reader = new ProtobufReader(outer.Content);
        ulong element = 0;
        ReadOnlySpan<byte> shape = default;
        while (reader.TryReadField())
            switch (reader.Field)
            {
                case TensorTypeField.ElementType:
                    element = reader.Number;
                    break;
                case TensorTypeField.Shape:
                    shape = reader.Content;
                    break;
                default:
                    return false;
            }
        // The shape is [1, width], or [open, width], whose first dimension has a name or nothing in place of a number.
        var dimensions = new ProtobufReader(shape);
        if (reader.Failed || element != FloatType || outer.TryReadField() || outer.Failed
            || !dimensions.TryReadField() || DimensionOf(dimensions) is not (0 or 1)
            || !dimensions.TryReadField() || DimensionOf(dimensions) is not (> 0 and <= OnnxTensor.CountMax and var last)
            || dimensions.TryReadField() || dimensions.Failed)
            return false;
        width = (int)last;
        return true;
    }

    private static long DimensionOf(ProtobufReader dimension)
    {
        var reader = new ProtobufReader(dimension.Content);
        var value = 0L;
        while (reader.TryReadField())
            if (reader.Field == DimensionField.Value)
                value = reader.Number is > 0 and <= long.MaxValue ? (long)reader.Number : -1;
            else if (reader.Field != DimensionField.Parameter)
                return -1;
        return reader.Failed ? -1 : value;
    }
}
