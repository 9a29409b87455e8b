using System.Numerics;

namespace Edge.Sync.Series;

/// <summary>Numbers of which each shares sign, exponent and first digits with the one before: only the bits that differ are kept.</summary>
/// <remarks>
/// Pelkonen et al., "Gorilla: A Fast, Scalable, In-Memory Time Series Database" (VLDB 2015), section 4.1.2, for 32 bits as well as for 64; leading zeros are counted in 6 bits rather than 5.
/// <code>
/// column = first, next ...        next = 0 the same | 1 0 bits where the last ones were | 1 1 leading zeros 6 bits, their number - 1 6 bits, bits
/// </code>
/// </remarks>
internal static class ExclusiveOrColumn
{
    public static void Write(BitWriter writer, ReadOnlySpan<long> values, int width)
    {
        writer.Write((ulong)values[0], width);
        int leading = -1, trailing = 0;
        for (var i = 1; i < values.Length; i++)
        {
            var difference = (ulong)(values[i] ^ values[i - 1]);
            if (difference == 0)
            {
                writer.Write(0, 1);
                continue;
            }
            var (zeros, end) = (BitOperations.LeadingZeroCount(difference) - (64 - width), BitOperations.TrailingZeroCount(difference));
            if (leading >= 0 && zeros >= leading && end >= trailing)
            {
                writer.Write(0b01, 2);
                writer.Write(difference >> trailing, width - leading - trailing);
                continue;
            }
            (leading, trailing) = (zeros, end);
            var bits = width - leading - trailing;
            writer.Write(0b11, 2);
            writer.Write((ulong)leading, 6);
            writer.Write((ulong)(bits - 1), 6);
            writer.Write(difference >> trailing, bits);
        }
    }

    /// <exception cref="EdgeDataException">It is malformed.</exception>
    public static void Read(ref BitReader reader, Span<long> values, int width)
    {
        values[0] = (long)reader.Read(width);
        int bits = 0, trailing = 0;
        for (var i = 1; i < values.Length; i++)
        {
            values[i] = values[i - 1];
            if (reader.Read(1) == 0) continue;
            if (reader.Read(1) == 1)
            {
                var leading = (int)reader.Read(6);
                bits = (int)reader.Read(6) + 1;
                trailing = width - leading - bits;
                if (trailing < 0) throw reader.Malformed($"a number is wider than {width} bits");
            }
            else if (bits == 0) throw reader.Malformed("bits are said to be where none were");
            values[i] ^= (long)(reader.Read(bits) << trailing);
        }
    }
}
