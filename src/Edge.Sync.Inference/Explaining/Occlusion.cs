using Edge.Sync.Inference.Serving;

namespace Edge.Sync.Inference.Explaining;

/// <summary>Asks the model again without each feature; see <see cref="Explanation"/>.</summary>
internal static class Occlusion
{
    /// <summary>Fills <paramref name="shares"/>. The binding's first row is used, so a batch must be finished before.</summary>
    /// <param name="binding">The version that decided.</param>
    /// <param name="features">What it was given: a copy, not its buffer.</param>
    /// <param name="score">What it was scored.</param>
    /// <param name="scorer">Makes a score of its output.</param>
    /// <param name="shares">One for each feature.</param>
    public static void Explain(ModelBinding binding, ReadOnlySpan<float> features, float score, ScoreFunction scorer, Span<float> shares)
    {
        var row = binding.InputOf(0);
        for (var i = 0; i < features.Length; i++)
        {
            features.CopyTo(row);
            row[i] = 0;
            binding.Runner.Run(1);
            shares[i] = score - scorer(row, binding.OutputOf(0)) / binding.ScoreScale;
        }
    }
}
