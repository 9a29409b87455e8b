using System.Buffers.Binary;

namespace Edge.Sync.Inference;

/// <summary>A device's clipped change as whole numbers, of which sums are the same in any order.</summary>
/// <remarks>One is <c>Clip / 2^24</c>. Rounded towards zero, so that rounding never lengthens: a change that was clipped has a squared length of at most 2^48, which is checked.</remarks>
internal static class FixedPoint
{
    public const int FractionBits = 24;
    public const long One = 1L << FractionBits;

    /// <summary>The change from <paramref name="start"/> to <paramref name="learned"/>, clipped.</summary>
    public static int[] Clip(ReadOnlySpan<float> start, ReadOnlySpan<float> learned, double clip)
    {
        var square = 0.0;
        for (var i = 0; i < start.Length; i++)
        {
            var change = (double)learned[i] - start[i];
            square += change * change;
        }
        if (!double.IsFinite(square))
            throw new ArgumentException("What was learned is not finite, so nothing can be contributed. Learn anew from the start of the round, with a lower rate.", nameof(learned));
        // A hair below 1, so that the rounding of the length itself does not lengthen either.
        var length = Math.Sqrt(square);
        var scale = (length > clip ? clip / length : 1) * (One / clip) * (1 - 1e-12);
        var numbers = new int[start.Length];
        for (var i = 0; i < numbers.Length; i++)
            numbers[i] = (int)(((double)learned[i] - start[i]) * scale);
        return numbers;
    }

    public static bool IsClipped(ReadOnlySpan<int> numbers)
    {
        var square = (Int128)0;
        foreach (var number in numbers)
            square += (Int128)number * number;
        return square <= (Int128)One * One;
    }

    public static string ToText(ReadOnlySpan<int> numbers)
    {
        var bytes = new byte[numbers.Length * sizeof(int)];
        for (var i = 0; i < numbers.Length; i++)
            BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(i * sizeof(int)), numbers[i]);
        return Convert.ToBase64String(bytes);
    }

    /// <summary>The numbers of a text; null where they are not so many, or too long a change.</summary>
    public static int[]? Read(string text, int count)
    {
        if (text.Length > (count * sizeof(int) + 2) / 3 * 4L || !Base64.TryRead(text, out var bytes) || bytes.Length != count * sizeof(int))
            return null;
        var numbers = new int[count];
        for (var i = 0; i < count; i++)
            numbers[i] = BinaryPrimitives.ReadInt32LittleEndian(bytes.AsSpan(i * sizeof(int)));
        return IsClipped(numbers) ? numbers : null;
    }
}
