using System.Numerics.Tensors;

namespace Edge.Sync.Inference;

/// <summary>The usual figures of a row of samples, for vibration and other waves.</summary>
/// <param name="Mean">The arithmetic mean.</param>
/// <param name="Deviation">The standard deviation of the row, not of a population that it was drawn from.</param>
/// <param name="Min">The least.</param>
/// <param name="Max">The greatest.</param>
/// <param name="RootMeanSquare">The root of the mean square.</param>
/// <param name="Skewness">The third moment in units of the deviation; 0 where nothing varies.</param>
/// <param name="Kurtosis">The fourth moment in units of the deviation, 3 for a normal distribution; 0 where nothing varies. Worn bearings raise it.</param>
/// <param name="Slope">Of the straight line that fits best, per sample.</param>
/// <param name="CrestFactor">The greatest magnitude over the root mean square; 0 where all is 0.</param>
public readonly record struct RowStatistics(
    float Mean, float Deviation, float Min, float Max, float RootMeanSquare, float Skewness, float Kurtosis, float Slope, float CrestFactor)
{
    /// <summary>How many figures there are.</summary>
    public const int Count = 9;

    /// <summary>Computes all of them, in a few vectorised passes and without allocating.</summary>
    /// <param name="row">At least one sample.</param>
    public static RowStatistics Of(ReadOnlySpan<float> row)
    {
        if (row.IsEmpty)
            throw new ArgumentException("A row without samples has no statistics.", nameof(row));
        var count = row.Length;
        var mean = TensorPrimitives.Sum(row) / count;
        double second = 0, third = 0, fourth = 0, slope = 0;
        var middle = (count - 1) / 2d;
        for (var i = 0; i < count; i++)
        {
            var d = (double)row[i] - mean;
            var square = d * d;
            second += square;
            third += square * d;
            fourth += square * square;
            slope += (i - middle) * d;
        }
        var variance = second / count;
        var deviation = Math.Sqrt(variance);
        var root = MathF.Sqrt(TensorPrimitives.SumOfSquares(row) / count);
        // The sum of (i - middle)² over a row.
        var spread = count * ((double)count * count - 1) / 12;
        return new(
            mean, (float)deviation, TensorPrimitives.Min(row), TensorPrimitives.Max(row), root,
            variance > 0 ? (float)(third / count / (variance * deviation)) : 0,
            variance > 0 ? (float)(fourth / count / (variance * variance)) : 0,
            count > 1 ? (float)(slope / spread) : 0,
            root > 0 ? MathF.Abs(TensorPrimitives.MaxMagnitude(row)) / root : 0);
    }

    /// <summary>Writes the figures in the order of the properties; <see cref="Count"/> of them.</summary>
    public void CopyTo(Span<float> destination)
    {
        (destination[0], destination[1], destination[2], destination[3], destination[4]) = (Mean, Deviation, Min, Max, RootMeanSquare);
        (destination[5], destination[6], destination[7], destination[8]) = (Skewness, Kurtosis, Slope, CrestFactor);
    }
}
