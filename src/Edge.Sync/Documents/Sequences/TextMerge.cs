namespace Edge.Sync.Documents;

/// <summary>Applies what somebody did to a text as they saw it to the text as it is by now.</summary>
/// <remarks>Both differences are taken as one stretch each. Where they overlap, what the others put in stays, and what was deleted by either is gone.</remarks>
internal static class TextMerge
{
    /// <returns>The text with both changes.</returns>
    public static string Merge(string seen, string mine, string now)
    {
        if (now == seen) return mine;
        var (start, deleted, inserted) = ReplicatedText.Difference(seen, mine);
        var (otherStart, otherDeleted, otherInserted) = ReplicatedText.Difference(seen, now);
        var (end, otherEnd) = (start + deleted, otherStart + otherDeleted);
        var shift = otherInserted.Length - otherDeleted;
        if (end <= otherStart) return string.Concat(now.AsSpan(0, start), inserted, now.AsSpan(end));
        if (start >= otherEnd) return string.Concat(now.AsSpan(0, start + shift), inserted, now.AsSpan(end + shift));
        // Overlap: what is left of the seen text on both sides of it, with both insertions between, ours where ours began.
        var before = now.AsSpan(0, Math.Min(start, otherStart));
        var after = now.AsSpan(Math.Max(end, otherEnd) + shift);
        return start <= otherStart ? string.Concat(before, inserted, otherInserted, after) : string.Concat(before, otherInserted, inserted, after);
    }
}
