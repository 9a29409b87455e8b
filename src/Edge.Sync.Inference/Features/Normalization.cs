using System.Globalization;
using System.Numerics.Tensors;

namespace Edge.Sync.Inference.Features;

/// <summary>Moves each feature to mean 0 and scale 1, as the model saw them when it was trained.</summary>
internal sealed class Normalization : ITensorStage
{
    private readonly float[] _mean;
    private readonly float[] _inverseScale;

    public Normalization(ReadOnlySpan<float> mean, ReadOnlySpan<float> scale)
    {
        _mean = mean.ToArray();
        _inverseScale = new float[scale.Length];
        for (var i = 0; i < scale.Length; i++)
            _inverseScale[i] = 1 / scale[i];
    }

    public string Name => "normalize";

    public int OutputWidth(int inputWidth) => inputWidth == _mean.Length
        ? inputWidth
        : throw new ArgumentException($"there are {_mean.Length} means for {inputWidth} features", nameof(inputWidth));

    public bool Process(ReadOnlySpan<float> input, Span<float> output)
    {
        TensorPrimitives.Subtract(input, _mean, output);
        TensorPrimitives.Multiply(output, _inverseScale, output);
        return true;
    }

    /// <summary>What is wrong with such statistics; null where nothing is.</summary>
    public static string? Validate(ReadOnlySpan<float> mean, ReadOnlySpan<float> scale, int width)
    {
        if (mean.Length != width || scale.Length != width)
            return $"there are {mean.Length} means and {scale.Length} scales for {width} features";
        foreach (var value in mean)
            if (!float.IsFinite(value))
                return $"a mean is {value.ToString(CultureInfo.InvariantCulture)}";
        foreach (var value in scale)
            if (!(float.IsFinite(value) && value > 0))
                return $"a scale is {value.ToString(CultureInfo.InvariantCulture)}, it must be greater than 0";
        return null;
    }

    public void Dispose()
    {
    }
}
