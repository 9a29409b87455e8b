using Edge.Sync.Crdts.Sequences;

namespace Edge.Sync.Crdts;

/// <summary>Deletes the characters of a text that whoever removed its key had seen; the others stay.</summary>
internal static class TextReset
{
    public static void Reset(TextState text, VersionVector seen)
    {
        if (text.Length == 0) return;
        var all = text.Delete(default, 0, text.Length);
        var deletion = IsWithin(all.Deleted, seen) ? all : TextDelta.Deletion(default, SeenCharacters(text, seen));
        if (deletion.Deleted.Length > 0) text.Join(deletion, default);
    }

    private static bool IsWithin(ReadOnlySpan<DotRange> ranges, VersionVector seen)
    {
        foreach (var range in ranges)
            if (!seen.Contains(new(range.First.Replica, range.LastCounter))) return false;
        return true;
    }

    // Character by character: a range may pass over the dots of other fields, and cannot be cut at one.
    private static DotRange[] SeenCharacters(TextState text, VersionVector seen)
    {
        var characters = new List<DotRange>();
        var content = text.ToString();
        for (var i = 0; i < content.Length;)
        {
            var length = char.IsHighSurrogate(content[i]) ? 2 : 1;
            var range = text.Delete(default, i, length).Deleted[0];
            if (seen.Contains(new(range.First.Replica, range.LastCounter))) characters.Add(range);
            i += length;
        }
        characters.Sort(static (a, b) => a.IsBefore(b) ? -1 : b.IsBefore(a) ? 1 : 0);
        return [.. characters];
    }
}
