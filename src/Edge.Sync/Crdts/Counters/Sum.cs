namespace Edge.Sync.Crdts;

/// <summary>How 128-bit sums are written: the high half, signed, then the low half.</summary>
internal static class Sum
{
    /// <summary>2^53 increments of 64 bits each fit below; what is beyond is no sum of a feed.</summary>
    private static readonly Int128 s_max = Int128.One << 117;

    public static void Write(ref WireWriter writer, Int128 sum)
    {
        writer.Raw.Write((long)(sum >> 64));
        writer.Raw.Write((ulong)(sum & ulong.MaxValue));
    }

    public static Int128 Read(ref WireReader reader, string field, bool isPositive)
    {
        var sum = ((Int128)reader.ReadInt64(field) << 64) + reader.ReadUInt64(field);
        if (sum > s_max || sum < (isPositive ? 0 : -s_max)) throw reader.Malformed(field, $"{sum} is no sum of a feed's increments");
        return sum;
    }
}
