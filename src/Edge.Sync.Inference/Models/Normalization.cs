using System.Globalization;

namespace Edge.Sync.Inference.Models;

/// <summary>Moves each feature to mean 0 and scale 1, as the model saw them when it was trained.</summary>
internal sealed class Normalization
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

    public void Apply(Span<float> features)
    {
        for (var i = 0; i < features.Length; i++)
            features[i] = (features[i] - _mean[i]) * _inverseScale[i];
    }

    /// <summary>The statistics that travel in the model's own metadata.</summary>
    public static Normalization FromMetadata(OnnxModel model)
    {
        var mean = Row(model, ModelMetadataKeys.Mean);
        var scale = Row(model, ModelMetadataKeys.Scale);
        return Validate(mean, scale, model.Input.Length) is { } fault
            ? throw model.Invalid($"The metadata of the model '{model.Name}' do not fit: {fault}. Export it with right ones, or give them: Normalize(mean, scale).")
            : new Normalization(mean, scale);
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

    // One number stands for all features.
    private static float[] Row(OnnxModel model, string key)
    {
        var values = MetadataNumbers.Read(model, key)
            ?? throw model.Invalid($"The model '{model.Name}' has no metadata '{key}'. Export it with '{ModelMetadataKeys.Mean}' and '{ModelMetadataKeys.Scale}', or give the statistics: Normalize(mean, scale).");
        if (values.Length == 1)
        {
            Array.Resize(ref values, model.Input.Length);
            Array.Fill(values, values[0]);
        }
        return values;
    }
}
