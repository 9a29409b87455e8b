using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Edge.Sync.Inference.Wasm;

/// <summary>A row of floats as it lies in a module's memory.</summary>
/// <remarks>
/// Little-endian, data aligned to 16 bytes:
/// <code>
/// 0     4       5      6       8       12        16
/// magic | dtype | rank | flags | width | padding | data …
/// </code>
/// </remarks>
internal static class Frame
{
    public const int HeaderSize = 16;

    private const uint Magic = 0x31465345;
    private const byte Float32 = 1;
    private const byte Row = 1;

    public static int SizeOf(int width) => HeaderSize + width * sizeof(float);

    public static void Write(Span<byte> memory, ReadOnlySpan<float> row)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(memory, Magic);
        BinaryPrimitives.WriteUInt32LittleEndian(memory[4..], Float32 | Row << 8);
        BinaryPrimitives.WriteUInt32LittleEndian(memory[8..], (uint)row.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(memory[12..], 0);
        var data = memory[HeaderSize..];
        if (BitConverter.IsLittleEndian)
            MemoryMarshal.AsBytes(row).CopyTo(data);
        else
            for (var i = 0; i < row.Length; i++)
                BinaryPrimitives.WriteSingleLittleEndian(data[(i * sizeof(float))..], row[i]);
    }

    /// <summary>Reads a frame that must hold exactly <paramref name="row"/>'s length.</summary>
    /// <returns>What is wrong with it; null where nothing is.</returns>
    public static string? TryRead(ReadOnlySpan<byte> memory, Span<float> row)
    {
        if (memory.Length < HeaderSize || BinaryPrimitives.ReadUInt32LittleEndian(memory) != Magic)
            return "its output does not begin with the frame's magic number";
        if (BinaryPrimitives.ReadUInt32LittleEndian(memory[4..]) != (Float32 | Row << 8))
            return $"its output has dtype {memory[4]}, rank {memory[5]} and flags {BinaryPrimitives.ReadUInt16LittleEndian(memory[6..])}; a row of floats has 1, 1 and 0";
        var width = BinaryPrimitives.ReadUInt32LittleEndian(memory[8..]);
        if (width != row.Length || memory.Length != SizeOf(row.Length))
            return $"its output is a row of {width} in {memory.Length} bytes; {row.Length} in {SizeOf(row.Length)} bytes are expected";
        var data = memory[HeaderSize..];
        if (BitConverter.IsLittleEndian)
            MemoryMarshal.Cast<byte, float>(data).CopyTo(row);
        else
            for (var i = 0; i < row.Length; i++)
                row[i] = BinaryPrimitives.ReadSingleLittleEndian(data[(i * sizeof(float))..]);
        return null;
    }
}
