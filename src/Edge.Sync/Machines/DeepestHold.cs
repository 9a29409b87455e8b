namespace Edge.Sync;

/// <summary>Of claims that did not know of each other: the one that follows the most others, then the one of the lowest replica id. Clocks play no part, so that no slow one takes a name away later.</summary>
public readonly struct DeepestHold : IMergeRule<NameHold>
{
    /// <inheritdoc/>
    public static NameHold Merge(ReadOnlySpan<ConcurrentValue<NameHold>> values)
    {
        var deepest = values[0];
        foreach (var value in values)
            if (value.Value.Depth > deepest.Value.Depth || (value.Value.Depth == deepest.Value.Depth && value.Author < deepest.Author)) deepest = value;
        return deepest.Value;
    }
}
