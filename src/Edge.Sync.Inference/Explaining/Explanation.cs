namespace Edge.Sync.Inference;

/// <summary>Which features made a score what it is. Valid only inside the callback.</summary>
/// <remarks>
/// By occlusion: each feature in turn is set to 0, which after normalising is its mean, and the model is asked again. A feature's share is how much of the score
/// went with it. That takes one run for each feature, so it is done for decisions only. Features that stand in for each other share less than they mean together.
/// </remarks>
public readonly ref struct Explanation
{
    internal Explanation(float score, ReadOnlySpan<float> shares)
    {
        Score = score;
        Shares = shares;
    }

    /// <summary>The score that is explained.</summary>
    public float Score { get; }

    /// <summary>For each feature that the model was given, what the score loses without it; negative where it held the score down.</summary>
    public ReadOnlySpan<float> Shares { get; }

    /// <summary>The places of the features with the greatest magnitudes of shares, greatest first.</summary>
    /// <param name="places">To be filled; places beyond the last feature become -1.</param>
    public void Top(Span<int> places)
    {
        places.Fill(-1);
        for (var feature = 0; feature < Shares.Length; feature++)
        {
            var place = places.Length;
            while (place > 0 && (places[place - 1] < 0 || Math.Abs(Shares[places[place - 1]]) < Math.Abs(Shares[feature])))
                place--;
            if (place == places.Length)
                continue;
            places[place..^1].CopyTo(places[(place + 1)..]);
            places[place] = feature;
        }
    }
}

/// <summary>Puts an explanation into a decision.</summary>
public delegate TDecision DecisionExplainer<TDecision>(TDecision decision, in Explanation explanation);
