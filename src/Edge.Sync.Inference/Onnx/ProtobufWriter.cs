using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;

namespace Edge.Sync.Inference.Onnx;

/// <summary>The few parts of the protobuf wire format that an ONNX model needs (protobuf.dev/programming-guides/encoding).</summary>
/// <remarks>
/// A field is its tag, <c>number &lt;&lt; 3 | wire type</c>, then its value: a varint (type 0), a length and that many bytes (type 2), or 4 bytes (type 5).
/// </remarks>
internal sealed class ProtobufWriter
{
    private const int VarintType = 0;
    private const int BytesType = 2;
    private const int FixedType = 5;
    private const int VarintSizeMax = 10;

    private readonly ArrayBufferWriter<byte> _output = new();

    public ReadOnlySpan<byte> Written => _output.WrittenSpan;

    public ProtobufWriter Integer(int field, long value)
    {
        Varint((ulong)(field << 3 | VarintType));
        Varint((ulong)value);
        return this;
    }

    /// <summary>A single float.</summary>
    public ProtobufWriter Float(int field, float value)
    {
        Varint((ulong)(field << 3 | FixedType));
        BinaryPrimitives.WriteSingleLittleEndian(_output.GetSpan(sizeof(float)), value);
        _output.Advance(sizeof(float));
        return this;
    }

    public ProtobufWriter Text(int field, string value) => Bytes(field, Encoding.UTF8.GetBytes(value));

    public ProtobufWriter Message(int field, ProtobufWriter message) => Bytes(field, message.Written);

    /// <summary>Adds another writer's fields to this message.</summary>
    public ProtobufWriter Append(ProtobufWriter fields)
    {
        _output.Write(fields.Written);
        return this;
    }

    /// <summary>Floats as ONNX's <c>raw_data</c>: little-endian, whatever this machine is.</summary>
    public ProtobufWriter Floats(int field, ReadOnlySpan<float> values)
    {
        if (BitConverter.IsLittleEndian)
            return Bytes(field, MemoryMarshal.AsBytes(values));
        var bytes = new byte[values.Length * sizeof(float)];
        for (var i = 0; i < values.Length; i++)
            BinaryPrimitives.WriteSingleLittleEndian(bytes.AsSpan(i * sizeof(float)), values[i]);
        return Bytes(field, bytes);
    }

    private ProtobufWriter Bytes(int field, ReadOnlySpan<byte> value)
    {
        Varint((ulong)(field << 3 | BytesType));
        Varint((ulong)value.Length);
        _output.Write(value);
        return this;
    }

    private void Varint(ulong value)
    {
        var span = _output.GetSpan(VarintSizeMax);
        var length = 0;
        for (; value >= 0x80; value >>= 7)
            span[length++] = (byte)(value | 0x80);
        span[length++] = (byte)value;
        _output.Advance(length);
    }
}
