using System.Numerics;

namespace Edge.Sync.Series;

/// <summary>Integers of which each is close to the one before: distances, zigzag, in groups of 32 whose width fits the widest of them.</summary>
/// <remarks>
/// <code>
/// integers = first 64 bits, group ...        group = width 7 bits, distance of that width ...
/// </code>
/// As in Lemire, Boytsov, "Decoding billions of integers per second through vectorization" (Software: Practice and Experience, 2015), without its vector layout. Distances wrap around.
/// </remarks>
internal static class PackedIntegers
{
    private const int Group = 32, WidthBits = 7;

    public static void Write(BitWriter writer, ReadOnlySpan<long> values)
    {
        writer.Write((ulong)values[0], 64);
        Span<ulong> group = stackalloc ulong[Group];
        for (var start = 1; start < values.Length; start += Group)
        {
            var count = Math.Min(Group, values.Length - start);
            ulong all = 0;
            for (var i = 0; i < count; i++)
            {
                var distance = unchecked(values[start + i] - values[start + i - 1]);
                all |= group[i] = (ulong)(distance << 1 ^ distance >> 63);
            }
            var width = 64 - BitOperations.LeadingZeroCount(all);
            writer.Write((ulong)width, WidthBits);
            for (var i = 0; i < count; i++)
                writer.Write(group[i], width);
        }
    }

    /// <exception cref="EdgeDataException">It is malformed.</exception>
    public static void Read(ref BitReader reader, Span<long> values)
    {
        values[0] = (long)reader.Read(64);
        for (var start = 1; start < values.Length; start += Group)
        {
            var width = (int)reader.Read(WidthBits);
            if (width > 64) throw reader.Malformed("a number is wider than 64 bits");
            var end = Math.Min(start + Group, values.Length);
            for (var i = start; i < end; i++)
            {
                var distance = reader.Read(width);
                values[i] = unchecked(values[i - 1] + ((long)(distance >> 1) ^ -(long)(distance & 1)));
            }
        }
    }
}
