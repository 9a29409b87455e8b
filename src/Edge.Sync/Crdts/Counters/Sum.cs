namespace Edge.Sync.Crdts;

/// <summary>How 128-bit sums are written: the high half, signed, then the low half.</summary>
internal static class Sum
{
    public static void Write(ref WireWriter writer, Int128 sum)
    {
        writer.Raw.Write((long)(sum >> 64));
        writer.Raw.Write((ulong)(sum & ulong.MaxValue));
    }

    /// <param name="reader">Stands at the sum.</param>
    /// <param name="field">For errors.</param>
    /// <param name="upTo">The last dot of the sum: it has no more increments than that, of 64 bits each, and can take one more for each later dot.</param>
    /// <param name="isPositive">Whether no increment is negative.</param>
    public static Int128 Read(ref WireReader reader, string field, ulong upTo, bool isPositive)
    {
        var max = (Int128)upTo << 63;
        var sum = ((Int128)reader.ReadInt64(field) << 64) + reader.ReadUInt64(field);
        if (sum > max || sum < (isPositive ? 0 : -max)) throw reader.Malformed(field, $"{sum} is no sum of at most {upTo} increments");
        return sum;
    }
}
