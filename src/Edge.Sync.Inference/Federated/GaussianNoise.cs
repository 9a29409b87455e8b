using System.Buffers.Binary;
using System.Security.Cryptography;
using Edge.Sync.Inference.Learning;

namespace Edge.Sync.Inference;

/// <summary>Noise for the sum of a round, rounded to whole units: rounding what is already private costs nothing, and hides the floating-point grid that tells noise from signal (Mironov, CCS 2012).</summary>
internal static class GaussianNoise
{
    /// <param name="count">How many numbers.</param>
    /// <param name="multiplier">The deviation, in units of the clip.</param>
    /// <param name="seed">For simulations; null draws from the system's generator, without which nothing is private.</param>
    public static long[] Draw(int count, double multiplier, ulong? seed)
    {
        var noise = new long[count];
        if (multiplier == 0)
            return noise;
        var random = new SplitMix64(seed ?? 0);
        Span<byte> bytes = stackalloc byte[2 * sizeof(ulong)];
        for (var i = 0; i < count; i++)
        {
            double normal;
            if (seed is null)
            {
                RandomNumberGenerator.Fill(bytes);
                normal = Math.Sqrt(-2 * Math.Log(1 - Unit(bytes))) * Math.Cos(2 * Math.PI * Unit(bytes[sizeof(ulong)..]));
            }
            else
            {
                normal = random.NextNormal();
            }
            noise[i] = (long)Math.Round(normal * multiplier * FixedPoint.One);
        }
        return noise;
    }

    private static double Unit(ReadOnlySpan<byte> bytes) => (BinaryPrimitives.ReadUInt64LittleEndian(bytes) >> 11) * (1.0 / (1L << 53));
}
