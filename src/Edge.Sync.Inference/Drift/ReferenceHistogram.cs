using System.Globalization;
using Edge.Sync.Inference.Backends;

namespace Edge.Sync.Inference;

/// <summary>How the features that a model was trained on were distributed: a histogram of each, which travels in the model's metadata.</summary>
public sealed class ReferenceHistogram
{
    private const int BinsMax = 256;

    private readonly float[] _edges;
    private readonly float[] _shares;

    private ReferenceHistogram(int width, int bins, float[] edges, float[] shares) => (Width, Bins, _edges, _shares) = (width, bins, edges, shares);

    /// <summary>Features.</summary>
    public int Width { get; }

    /// <summary>Bins of each; the first and the last are open.</summary>
    public int Bins { get; }

    /// <summary>A histogram of rows, one after another, whose bins hold equal shares as far as values differ.</summary>
    /// <param name="rows">The model's inputs in training: after normalising.</param>
    /// <param name="width">Features in a row.</param>
    /// <param name="bins">By custom 10.</param>
    public static ReferenceHistogram Of(ReadOnlySpan<float> rows, int width, int bins = 10)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(width);
        ArgumentOutOfRangeException.ThrowIfLessThan(bins, 2);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(bins, BinsMax);
        var count = rows.Length / width;
        if (count < bins || rows.Length != (long)count * width)
            throw new ArgumentException($"{rows.Length} numbers are not at least {bins} rows of {width}.", nameof(rows));
        var (edges, shares, column) = (new float[width * (bins - 1)], new float[width * bins], new float[count]);
        for (var feature = 0; feature < width; feature++)
        {
            for (var row = 0; row < count; row++)
                column[row] = rows[row * width + feature];
            column.AsSpan().Sort();
            for (var edge = 0; edge < bins - 1; edge++)
                edges[feature * (bins - 1) + edge] = column[(int)((edge + 1L) * count / bins)];
            foreach (var value in column)
                shares[feature * bins + BinOf(edges.AsSpan(feature * (bins - 1), bins - 1), value)] += 1f / count;
        }
        return new(width, bins, edges, shares);
    }

    /// <summary>The metadata to write into the model, such as by <c>OnnxGraph.Metadata</c>.</summary>
    public IEnumerable<KeyValuePair<string, string>> ToMetadata() =>
    [
        new(ModelMetadataKeys.HistogramEdges, Text(_edges)),
        new(ModelMetadataKeys.HistogramShares, Text(_shares)),
    ];

    /// <summary>The bin of a feature's value.</summary>
    internal int BinOf(int feature, float value) => BinOf(_edges.AsSpan(feature * (Bins - 1), Bins - 1), value);

    /// <summary>The shares of a feature's bins.</summary>
    internal ReadOnlySpan<float> SharesOf(int feature) => _shares.AsSpan(feature * Bins, Bins);

    /// <summary>The histogram in a model's metadata; null where it has none.</summary>
    internal static ReferenceHistogram? FromMetadata(ModelContent content, ILoadedModel model)
    {
        var edges = ModelMetadata.Numbers(content, model, ModelMetadataKeys.HistogramEdges);
        var shares = ModelMetadata.Numbers(content, model, ModelMetadataKeys.HistogramShares);
        if (edges is null && shares is null)
            return null;
        var width = model.InputWidth;
        var bins = (shares?.Length ?? 0) / width;
        if (edges is null || shares is null || bins is < 2 or > BinsMax || shares.Length != bins * width || edges.Length != (bins - 1) * width
            || Array.Exists(shares, static share => !(share >= 0 && share <= 1)) || Array.Exists(edges, float.IsNaN))
            throw ModelMetadata.Invalid(content, model,
                $"The histogram in the metadata of the model '{content.Name}' does not fit: {edges?.Length ?? 0} edges and {shares?.Length ?? 0} shares for {width} features. Make it by ReferenceHistogram.Of.");
        return new(width, bins, edges, shares);
    }

    // A value that equals an edge belongs to the bin above it.
    private static int BinOf(ReadOnlySpan<float> edges, float value)
    {
        int low = 0, high = edges.Length;
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (edges[middle] <= value)
                low = middle + 1;
            else
                high = middle;
        }
        return low;
    }

    private static string Text(float[] values) => string.Join(',', values.Select(static value => value.ToString("R", CultureInfo.InvariantCulture)));
}
