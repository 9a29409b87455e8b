namespace Edge.Sync.Series;

/// <summary>Numbers that people or sensors wrote with a few decimals, as integers: 21.5, 21.6 are 215 and 216 tenths, which take a few bits where the bits of such numbers take dozens.</summary>
/// <remarks>
/// The idea is that of Afroozeh, Kuffo, Boncz, "ALP: Adaptive Lossless floating-Point Compression" (SIGMOD 2024); here one exponent serves a block, and a block with any number that does not come out of it bit by bit
/// is kept by <see cref="ExclusiveOrColumn"/>, as are NaN, infinities and -0.
/// </remarks>
internal static class DecimalColumn
{
    private const int SingleDecimalsMax = 5, DoubleDecimalsMax = 9;
    private const double IntegersMax = 1L << 53, SingleIntegersMax = 1 << 30;

    private static readonly double[] s_powers = [1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15];

    /// <summary>The highest number of decimals that a block may name.</summary>
    public static int DecimalsMax => s_powers.Length - 1;

    /// <summary>The numbers as integers, and how many decimals they have; false where they are no such numbers.</summary>
    public static bool TryConvert(ReadOnlySpan<long> values, bool isSingle, Span<long> integers, out int decimals)
    {
        decimals = 0;
        for (var i = 0; i < values.Length; i++)
        {
            while (!TryConvert(values[i], isSingle, decimals, out integers[i]))
                if (++decimals > (isSingle ? SingleDecimalsMax : DoubleDecimalsMax)) return false;
        }
        // A number with fewer decimals than the rest: ten times as many tenths are the same number.
        if (decimals > 0)
            for (var i = 0; i < values.Length; i++)
                if (!TryConvert(values[i], isSingle, decimals, out integers[i])) return false;
        return true;
    }

    public static long ToValue(long integer, bool isSingle, int decimals) =>
        isSingle ? SeriesValue.Of((float)(integer / s_powers[decimals])) : SeriesValue.Of(integer / s_powers[decimals]);

    private static bool TryConvert(long value, bool isSingle, int decimals, out long integer)
    {
        var scaled = Math.Round((isSingle ? SeriesValue.ToSingle(value) : SeriesValue.ToDouble(value)) * s_powers[decimals]);
        integer = 0;
        if (!(Math.Abs(scaled) < (isSingle ? SingleIntegersMax : IntegersMax))) return false;
        integer = (long)scaled;
        return ToValue(integer, isSingle, decimals) == value;
    }
}
