using System.Runtime.InteropServices;

namespace Edge.Sync.Inference.Onnx;

/// <summary>A constant of floats: a row, or a matrix row by row.</summary>
internal sealed record OnnxTensor(string Name, int[] Dimensions, float[] Values)
{
    /// <summary>Floats in one constant.</summary>
    public const int CountMax = 1 << 20;

    private const int FloatType = 1;

    /// <summary>Reads a constant; null where it is of another type or shape.</summary>
    public static OnnxTensor? TryRead(ReadOnlySpan<byte> bytes)
    {
        var reader = new ProtobufReader(bytes);
        var dimensions = new List<int>(2);
        string? name = null;
        ulong type = 0;
        ReadOnlySpan<byte> raw = default;
        while (reader.TryReadField())
            switch (reader.Field)
            {
                case TensorField.Dimension when !reader.IsBytes && dimensions.Count < 2 && reader.Number is > 0 and <= CountMax:
                    dimensions.Add((int)reader.Number);
                    break;
                case TensorField.Type:
                    type = reader.Number;
                    break;
                case TensorField.Name:
                    name = reader.Text;
                    break;
                case TensorField.RawData when reader.IsBytes:
                    raw = reader.Content;
                    break;
                default:
                    return null;
            }
        var count = 1L;
        foreach (var dimension in dimensions)
            count *= dimension;
        if (reader.Failed || name is null || type != FloatType || dimensions.Count == 0 || count > CountMax || raw.Length != count * sizeof(float) || !BitConverter.IsLittleEndian)
            return null;
        return new(name, [.. dimensions], MemoryMarshal.Cast<byte, float>(raw).ToArray());
    }
}
