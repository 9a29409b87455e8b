namespace Edge.Sync.Live;

/// <summary>The fewest removals, insertions and moves that lead from one list of distinct keys to another, to be done one after the other.</summary>
/// <remarks>
/// What both lists have in the same order stays (a longest increasing subsequence of the old places); all else that both have is moved once. Working from the end, each item is put
/// directly before the one that follows it, which is in its place already.
/// </remarks>
internal static class ListDifference
{
    /// <param name="before">The keys of the old list, all different.</param>
    /// <param name="after">Those of the new list, all different.</param>
    /// <param name="stepsMax">More steps than this are not worth telling.</param>
    /// <returns>The steps; null where they are more than <paramref name="stepsMax"/>.</returns>
    public static List<ListStep>? Compute<TKey>(ReadOnlySpan<TKey> before, ReadOnlySpan<TKey> after, int stepsMax) where TKey : notnull
    {
        var start = before.CommonPrefixLength(after);
        var end = 0;
        while (end < Math.Min(before.Length, after.Length) - start && before[^(end + 1)].Equals(after[^(end + 1)])) end++;
        before = before[start..^end];
        after = after[start..^end];

        var places = new Dictionary<TKey, int>(after.Length);
        for (var i = 0; i < after.Length; i++) places.Add(after[i], i);
        var steps = new List<ListStep>();
        // The new places of what stays, in the old order.
        var kept = new List<int>();
        for (var i = before.Length - 1; i >= 0; i--)
        {
            if (places.TryGetValue(before[i], out var place)) kept.Add(place);
            else steps.Add(new(ListStepKind.Remove, start + i, start + i, -1));
        }
        kept.Reverse();
        var isThere = new bool[after.Length];
        foreach (var place in kept) isThere[place] = true;
        var stays = LongestIncreasing(kept, after.Length, out var stayCount);
        if (steps.Count + (after.Length - kept.Count) + (kept.Count - stayCount) > stepsMax) return null;

        // Where the item after the next one is, among those that are there now.
        var at = kept.Count;
        for (var place = after.Length - 1; place >= 0; place--)
        {
            if (!isThere[place])
            {
                steps.Add(new(ListStepKind.Insert, start + at, start + at, start + place));
                kept.Insert(at, place);
            }
            else if (stays[place])
            {
                do at--;
                while (kept[at] != place);
            }
            else
            {
                var from = kept.IndexOf(place);
                if (from < at) at--;
                kept.RemoveAt(from);
                kept.Insert(at, place);
                if (from != at) steps.Add(new(ListStepKind.Move, from + start, at + start, start + place));
            }
        }
        return steps;
    }

    /// <summary>Which values belong to one longest increasing subsequence (patience sorting, n log n).</summary>
    private static bool[] LongestIncreasing(List<int> values, int limit, out int length)
    {
        var tails = new List<int>(); // tails[k]: where the least value lies that ends an increasing subsequence of k + 1
        var previous = new int[values.Count];
        for (var i = 0; i < values.Count; i++)
        {
            var (low, high) = (0, tails.Count);
            while (low < high)
            {
                var middle = (low + high) / 2;
                if (values[tails[middle]] < values[i]) low = middle + 1;
                else high = middle;
            }
            previous[i] = low > 0 ? tails[low - 1] : -1;
            if (low == tails.Count) tails.Add(i);
            else tails[low] = i;
        }
        length = tails.Count;
        var belongs = new bool[limit];
        for (var i = tails.Count > 0 ? tails[^1] : -1; i >= 0; i = previous[i]) belongs[values[i]] = true;
        return belongs;
    }
}

/// <summary>One step from a list to the next.</summary>
/// <param name="Kind">What is done.</param>
/// <param name="From">Where the item is before; of an insertion, the same as <paramref name="To"/>.</param>
/// <param name="To">Where it is after; of a removal, the same as <paramref name="From"/>.</param>
/// <param name="NewIndex">Its place in the new list; -1 for a removal.</param>
internal readonly record struct ListStep(ListStepKind Kind, int From, int To, int NewIndex);

/// <summary>What a step does.</summary>
internal enum ListStepKind
{
    Remove,
    Insert,
    Move,
}
