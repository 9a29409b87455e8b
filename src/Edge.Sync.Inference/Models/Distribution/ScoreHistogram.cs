namespace Edge.Sync.Inference;

/// <summary>How many values lay in each of some bins.</summary>
/// <remarks>Bin i holds what is above <c>Edges[i - 1]</c> and not above <c>Edges[i]</c>; the first has no lower end and the last no upper one.</remarks>
public sealed class ScoreHistogram
{
    /// <summary>The most bins of a histogram that is published.</summary>
    public const int BinsMax = 1_024;

    private readonly float[] _edges;
    private readonly long[] _counts;

    /// <summary>A histogram of <c>counts.Length</c> bins.</summary>
    /// <param name="edges">Finite and ascending, one fewer than bins.</param>
    /// <param name="counts">Of each bin, none negative.</param>
    public ScoreHistogram(ReadOnlySpan<float> edges, ReadOnlySpan<long> counts)
    {
        if (counts.Length is 0 or > BinsMax || edges.Length != counts.Length - 1)
            throw new ArgumentException($"A histogram has 1 to {BinsMax} bins and one edge fewer, not {counts.Length} bins and {edges.Length} edges.", nameof(counts));
        for (var i = 0; i < edges.Length; i++)
            if (!float.IsFinite(edges[i]) || i > 0 && edges[i] <= edges[i - 1])
                throw new ArgumentException($"The edges of a histogram are finite and ascend; edge {i} does not.", nameof(edges));
        foreach (var count in counts)
            ArgumentOutOfRangeException.ThrowIfNegative(count, nameof(counts));
        (_edges, _counts) = (edges.ToArray(), counts.ToArray());
    }

    /// <summary>Where one bin ends and the next begins.</summary>
    public ReadOnlySpan<float> Edges => _edges;

    /// <summary>How many values each bin holds.</summary>
    public ReadOnlySpan<long> Counts => _counts;

    /// <summary>The histogram of some values, with bins that hold about equally many of them; not-a-number is left out.</summary>
    /// <param name="values">At least one that is a number.</param>
    /// <param name="bins">Wanted; fewer where values repeat.</param>
    public static ScoreHistogram Of(ReadOnlySpan<float> values, int bins = 10)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(bins);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(bins, BinsMax);
        var sorted = new List<float>(values.Length);
        foreach (var value in values)
            if (float.IsFinite(value))
                sorted.Add(value);
        if (sorted.Count == 0)
            throw new ArgumentException("A histogram needs at least one finite value.", nameof(values));
        sorted.Sort();
        var edges = new List<float>();
        for (var bin = 1; bin < bins; bin++)
        {
            var edge = sorted[(int)((long)sorted.Count * bin / bins)];
            if ((edges.Count == 0 || edge > edges[^1]) && edge < sorted[^1])
                edges.Add(edge);
        }
        var counts = new long[edges.Count + 1];
        var current = 0;
        foreach (var value in sorted)
        {
            while (current < edges.Count && value > edges[current])
                current++;
            counts[current]++;
        }
        return new(edges.ToArray(), counts);
    }
}
