using System.Numerics;

namespace Edge.Sync.Inference.Telemetry;

/// <summary>Counts durations in buckets whose width grows with the value, so that any quantile is within 2 % at a fixed size.</summary>
/// <remarks>
/// Log-linear, as in HdrHistogram: 32 buckets for each power of two. Values below 32 ns have a bucket each. Not safe for several threads.
/// </remarks>
internal sealed class LatencyHistogram
{
    private const int SubBucketBits = 5;
    private const int SubBuckets = 1 << SubBucketBits;

    private readonly long[] _counts = new long[(64 - SubBucketBits) * SubBuckets];

    public long Count { get; private set; }

    public long MaxNanoseconds { get; private set; }

    public void Record(long nanoseconds)
    {
        // A clock may step back under virtualisation; that is no duration.
        nanoseconds = Math.Max(0, nanoseconds);
        _counts[BucketOf(nanoseconds)]++;
        Count++;
        MaxNanoseconds = Math.Max(MaxNanoseconds, nanoseconds);
    }

    /// <summary>The value that <paramref name="quantile"/> (0 to 1) of all recorded ones do not exceed; 0 where there are none.</summary>
    public long QuantileNanoseconds(double quantile)
    {
        var rank = Math.Max(1, (long)Math.Ceiling(quantile * Count));
        long seen = 0;
        for (var bucket = 0; bucket < _counts.Length; bucket++)
        {
            seen += _counts[bucket];
            if (seen >= rank)
                return Math.Min(MiddleOf(bucket), MaxNanoseconds);
        }
        return 0;
    }

    private static int BucketOf(long value)
    {
        if (value < SubBuckets)
            return (int)value;
        var shift = BitOperations.Log2((ulong)value) - SubBucketBits;
        return ((shift + 1) << SubBucketBits) + (int)((value >> shift) & (SubBuckets - 1));
    }

    private static long MiddleOf(int bucket)
    {
        if (bucket < SubBuckets)
            return bucket;
        var shift = (bucket >> SubBucketBits) - 1;
        var lowest = (long)(SubBuckets + (bucket & (SubBuckets - 1))) << shift;
        return lowest + (1L << shift) / 2;
    }
}
