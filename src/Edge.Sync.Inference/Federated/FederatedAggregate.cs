using System.Buffers.Binary;

namespace Edge.Sync.Inference;

/// <summary>What a round comes to: a pure function of where it started, and of the changes of a frozen set of devices.</summary>
internal static class FederatedAggregate
{
    /// <summary>The start plus the mean change. The same numbers give the same bits on every machine: whole numbers are added, and only the sum is scaled.</summary>
    /// <param name="start">The parameters at the start of the round.</param>
    /// <param name="changes">One for each device; their order is of no account.</param>
    /// <param name="clip">What one stands for.</param>
    /// <param name="noise">To be added to the sum, in the same units; null for none.</param>
    public static float[] Compute(ReadOnlySpan<float> start, IReadOnlyCollection<int[]> changes, double clip, ReadOnlySpan<long> noise = default)
    {
        var sums = new long[start.Length];
        foreach (var change in changes)
            for (var i = 0; i < sums.Length; i++)
                sums[i] += change[i];
        var unit = clip / ((double)FixedPoint.One * changes.Count);
        var result = new float[start.Length];
        for (var i = 0; i < result.Length; i++)
            result[i] = (float)(start[i] + (sums[i] + (noise.IsEmpty ? 0 : noise[i])) * unit);
        return result;
    }

    public static string ToText(ReadOnlySpan<float> parameters)
    {
        var bytes = new byte[parameters.Length * sizeof(float)];
        for (var i = 0; i < parameters.Length; i++)
            BinaryPrimitives.WriteSingleLittleEndian(bytes.AsSpan(i * sizeof(float)), parameters[i]);
        return Convert.ToBase64String(bytes);
    }

    /// <summary>Null where the text is not so many finite numbers.</summary>
    public static float[]? Read(string text, int count)
    {
        if (text.Length > (count * sizeof(float) + 2) / 3 * 4L || !Base64.TryRead(text, out var bytes) || bytes.Length != count * sizeof(float))
            return null;
        var parameters = new float[count];
        for (var i = 0; i < count; i++)
        {
            parameters[i] = BinaryPrimitives.ReadSingleLittleEndian(bytes.AsSpan(i * sizeof(float)));
            if (!float.IsFinite(parameters[i]))
                return null;
        }
        return parameters;
    }
}
