using System.Globalization;

namespace Edge.Sync.Inference.Backends;

/// <summary>Reads numbers from a model's metadata, which come from outside like the model itself.</summary>
internal static class ModelMetadata
{
    /// <summary>The numbers of an entry; null where the model has no such entry.</summary>
    public static float[]? Numbers(ModelContent content, ILoadedModel model, string key)
    {
        if (!model.Metadata.TryGetValue(key, out var text))
            return null;
        var parts = text.Split(',');
        var values = new float[parts.Length];
        for (var i = 0; i < parts.Length; i++)
            if (!float.TryParse(parts[i], NumberStyles.Float, CultureInfo.InvariantCulture, out values[i]))
                throw Invalid(content, model, $"The metadata '{key}' of the model '{content.Name}' is not a list of numbers with commas between them: entry {i + 1} is '{parts[i]}'.");
        return values;
    }

    /// <summary>What the model's scores are divided by; 1 where it does not say.</summary>
    public static float ScoreScale(ModelContent content, ILoadedModel model) => Numbers(content, model, ModelMetadataKeys.ScoreScale) switch
    {
        null => 1,
        [var scale] when float.IsFinite(scale) && scale > 0 => scale,
        _ => throw Invalid(content, model, $"The metadata '{ModelMetadataKeys.ScoreScale}' of the model '{content.Name}' is not one number greater than 0. Export it with the score that is usual for it."),
    };

    /// <summary>An error that names the model and the version it is served as.</summary>
    public static EdgeModelException Invalid(ModelContent content, ILoadedModel model, string message, Exception? inner = null) =>
        new(content.Name, content.Version ?? model.Version, message, inner);
}
