using System.Runtime.InteropServices;

namespace Edge.Sync.Inference.Remote;

/// <summary>Rows of floats as text: little-endian, in base64 of one spelling.</summary>
internal static class FloatText
{
    public static string Write(ReadOnlySpan<float> row)
    {
        if (BitConverter.IsLittleEndian)
            return Convert.ToBase64String(MemoryMarshal.AsBytes(row));
        var bytes = new byte[row.Length * sizeof(float)];
        for (var i = 0; i < row.Length; i++)
            System.Buffers.Binary.BinaryPrimitives.WriteSingleLittleEndian(bytes.AsSpan(i * sizeof(float)), row[i]);
        return Convert.ToBase64String(bytes);
    }

    /// <returns>False where it is no row, longer than <paramref name="bytesMax"/>, or has a number that is not finite.</returns>
    public static bool TryRead(string text, int bytesMax, out float[] row)
    {
        row = [];
        // Before anything is allocated: four characters for three bytes.
        if (text.Length == 0 || text.Length > (bytesMax + 2L) / 3 * 4 || !Base64.TryRead(text, out var bytes) || bytes.Length > bytesMax || bytes.Length % sizeof(float) != 0)
            return false;
        var read = new float[bytes.Length / sizeof(float)];
        for (var i = 0; i < read.Length; i++)
        {
            read[i] = System.Buffers.Binary.BinaryPrimitives.ReadSingleLittleEndian(bytes.AsSpan(i * sizeof(float)));
            if (!float.IsFinite(read[i]))
                return false;
        }
        row = read;
        return true;
    }
}
