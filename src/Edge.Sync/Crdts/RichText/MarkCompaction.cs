namespace Edge.Sync.Crdts.RichText;

/// <summary>Drops marks that can no longer win anywhere.</summary>
/// <remarks>
/// <para>A stable mark goes if later stable ones under its key cover together all of its range: every place in it, those too where text may come to stand
/// yet, has a mark that beats it, and what is yet to come follows all that is stable and so beats both. The later ones may go in turn only for others
/// later still that cover them.</para>
/// <para>Then a stable removal goes that meets no earlier mark that is left: it takes nothing away. What comes later beats it as it would beat nothing.</para>
/// <para>The last stable mark of all stays: its depth is what later ones are counted from, so that they stand behind those that went, too.</para>
/// <para>Marks that are not stable yet neither go nor count, so what is left depends on the stable version alone. And compacting first at one version and
/// then at a greater gives what the greater gives: a mark that goes at the first goes at the second, as only later ones are added. It is not
/// missed there as a cover of others: where it was covered, its cover is there; and a removal that met nothing that was left covered nothing that
/// was left.</para>
/// </remarks>
internal static class MarkCompaction
{
    /// <summary>The marks that are left, in the one order.</summary>
    public static List<Mark> Retained(List<Mark> marks, MarkEdges edges, VersionVector stable)
    {
        var ranges = Ranges(edges);
        var isDropped = new bool[marks.Count];
        var last = marks.FindLastIndex(mark => stable.Contains(mark.Dot));
        var byKey = new Dictionary<string, Intervals>();
        for (var i = last; i >= 0; i--)
        {
            if (!stable.Contains(marks[i].Dot)) continue;
            var later = Of(byKey, marks[i].Key);
            // One without a range has no effect: its ends are at one place.
            isDropped[i] = !ranges.TryGetValue(marks[i], out var range) || later.Contains(range.Start, range.End);
            if (!isDropped[i]) later.Add(range.Start, range.End);
        }
        if (last >= 0) isDropped[last] = false;
        byKey.Clear();
        for (var i = 0; i < last; i++)
        {
            if (isDropped[i] || !stable.Contains(marks[i].Dot)) continue;
            var earlier = Of(byKey, marks[i].Key);
            var (start, end) = ranges[marks[i]];
            isDropped[i] = marks[i].Operation.IsRemoval && !earlier.Overlaps(start, end);
            if (!isDropped[i]) earlier.Add(start, end);
        }
        var left = new List<Mark>(marks.Count);
        for (var i = 0; i < marks.Count; i++)
            if (!isDropped[i]) left.Add(marks[i]);
        return left;
    }

    /// <summary>Each mark's range, in numbers that ascend along the text and are equal for equal places only.</summary>
    private static Dictionary<Mark, (int Start, int End)> Ranges(MarkEdges edges)
    {
        var ranges = new Dictionary<Mark, (int Start, int End)>();
        var sorted = edges.Sorted;
        for (var (i, place) = (0, 0); i < sorted.Length; i++)
        {
            if (i > 0 && sorted[i].Place != sorted[i - 1].Place) place++;
            ranges[sorted[i].Mark] = sorted[i].IsEnd ? (ranges[sorted[i].Mark].Start, place) : (place, place);
        }
        return ranges;
    }

    private static Intervals Of(Dictionary<string, Intervals> byKey, string key)
    {
        if (!byKey.TryGetValue(key, out var intervals)) byKey.Add(key, intervals = new());
        return intervals;
    }
}
