using Edge.Sync.Inference.Backends;
using Edge.Sync.Inference.Features;

namespace Edge.Sync.Inference.Serving;

/// <summary>Normalises by the statistics in a model's own metadata.</summary>
internal static class MetadataNormalization
{
    public static ITensorStage Create(ModelContent content, ILoadedModel model, int width)
    {
        var mean = Row(content, model, ModelMetadataKeys.Mean, width);
        var scale = Row(content, model, ModelMetadataKeys.Scale, width);
        return Normalization.Validate(mean, scale, width) is { } fault
            ? throw ModelMetadata.Invalid(content, model, $"The metadata of the model '{content.Name}' do not fit: {fault}. Export it with right ones, or give them: Normalize(mean, scale).")
            : new Normalization(mean, scale);
    }

    // One number stands for all features.
    private static float[] Row(ModelContent content, ILoadedModel model, string key, int width)
    {
        var values = ModelMetadata.Numbers(content, model, key)
            ?? throw ModelMetadata.Invalid(content, model, $"The model '{content.Name}' has no metadata '{key}'. Export it with '{ModelMetadataKeys.Mean}' and '{ModelMetadataKeys.Scale}', or give the statistics: Normalize(mean, scale).");
        if (values.Length == 1)
        {
            Array.Resize(ref values, width);
            Array.Fill(values, values[0]);
        }
        return values;
    }
}
