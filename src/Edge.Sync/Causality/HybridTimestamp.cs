namespace Edge.Sync.Causality;

/// <summary>
/// A hybrid logical time: 48 bits of milliseconds since 1970, 16 bits that count within one millisecond.
/// </summary>
/// <remarks>
/// It breaks ties between truly concurrent writes and nothing else; causality comes first. Stamps are compared as
/// written, by everyone. Source: Kulkarni et al., "Logical Physical Clocks", OPODIS 2014.
/// </remarks>
internal readonly record struct HybridTimestamp(ulong Value) : IComparable<HybridTimestamp>
{
    private const int LogicalBits = 16;

    private static readonly long s_last = DateTimeOffset.MaxValue.ToUnixTimeMilliseconds();

    public static HybridTimestamp FromUnixMilliseconds(long milliseconds) =>
        new((ulong)Math.Clamp(milliseconds, 0, (1L << 48) - 1) << LogicalBits);

    public long UnixMilliseconds => (long)(Value >> LogicalBits);

    /// <summary>The time to show. 48 bits reach beyond the year 9999, in which this ends.</summary>
    public DateTimeOffset ToDateTimeOffset() => DateTimeOffset.FromUnixTimeMilliseconds(Math.Min(UnixMilliseconds, s_last));

    public int CompareTo(HybridTimestamp other) => Value.CompareTo(other.Value);

    public override string ToString() => $"{ToDateTimeOffset():O}+{Value & 0xFFFF}";
}
