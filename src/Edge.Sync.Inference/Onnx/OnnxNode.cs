namespace Edge.Sync.Inference.Onnx;

/// <summary>One operator of a graph: its inputs by name, its one output. Operators with attributes are not read, as none that is run needs any.</summary>
internal sealed record OnnxNode(string Operation, IReadOnlyList<string> Inputs, string Output)
{
    private const int InputsMax = 3;

    /// <summary>Reads a node; null where it is more than this.</summary>
    public static OnnxNode? TryRead(ReadOnlySpan<byte> bytes)
    {
        var reader = new ProtobufReader(bytes);
        var inputs = new List<string>(InputsMax);
        string? operation = null, output = null;
        while (reader.TryReadField())
        {
            if (reader.Text is not { } text)
                return null;
            switch (reader.Field)
            {
                case NodeField.Input when inputs.Count < InputsMax:
                    inputs.Add(text);
                    break;
                case NodeField.Output when output is null:
                    output = text;
                    break;
                case NodeField.Operation:
                    operation = text;
                    break;
                case NodeField.Name:
                    break;
                default:
                    return null;
            }
        }
        return !reader.Failed && operation is not null && output is not null ? new(operation, inputs, output) : null;
    }
}
