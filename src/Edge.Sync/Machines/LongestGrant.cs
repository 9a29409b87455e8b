namespace Edge.Sync;

/// <summary>Of grants that did not know of each other: the highest token, then the most renewals, then the earliest. Who has held on for longer stays.</summary>
public readonly struct LongestGrant : IMergeRule<LeaseGrant>
{
    /// <inheritdoc/>
    public static LeaseGrant Merge(ReadOnlySpan<ConcurrentValue<LeaseGrant>> values)
    {
        var longest = values[0].Value;
        foreach (var value in values)
            if ((value.Value.Token, value.Value.Renewals).CompareTo((longest.Token, longest.Renewals)) > 0) longest = value.Value;
        return longest;
    }
}
