namespace Edge.Sync.LogModel.Small;

/// <summary>All that a few small choices can come to: the exhaustive loops of the findings that need no fleet.</summary>
internal static class Choices
{
    /// <summary>All orders of <paramref name="items"/>.</summary>
    public static IEnumerable<T[]> Orders<T>(T[] items)
    {
        if (items.Length <= 1) return [items];
        return items.SelectMany((first, i) => Orders([.. items[..i], .. items[(i + 1)..]]).Select(rest => (T[])[first, .. rest]));
    }

    /// <summary>All subsets of <paramref name="items"/>, in their order.</summary>
    public static IEnumerable<T[]> Subsets<T>(T[] items) =>
        Enumerable.Range(0, 1 << items.Length).Select(bits => items.Where((_, i) => (bits >> i & 1) != 0).ToArray());

    /// <summary>All interleavings of two sequences.</summary>
    public static IEnumerable<T[]> Interleavings<T>(T[] a, T[] b)
    {
        if (a.Length == 0) return [b];
        if (b.Length == 0) return [a];
        return Interleavings(a[1..], b).Select(rest => (T[])[a[0], .. rest]).Concat(Interleavings(a, b[1..]).Select(rest => (T[])[b[0], .. rest]));
    }
}
