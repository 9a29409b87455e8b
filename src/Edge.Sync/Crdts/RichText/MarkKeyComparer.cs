namespace Edge.Sync.Crdts.RichText;

/// <summary>Keys by code point, which is the order of their UTF-8 bytes too.</summary>
internal sealed class MarkKeyComparer : IComparer<string>
{
    public static readonly MarkKeyComparer Instance = new();

    public int Compare(string? x, string? y)
    {
        if (x is null || y is null) return (x is null ? 0 : 1) - (y is null ? 0 : 1);
        var same = x.AsSpan().CommonPrefixLength(y);
        if (same == x.Length || same == y.Length) return x.Length.CompareTo(y.Length);
        return Rank(x[same]).CompareTo(Rank(y[same]));
    }

    // Surrogates stand for code points above all others.
    private static int Rank(char unit) => char.IsSurrogate(unit) ? unit + 0x10000 : unit;
}
