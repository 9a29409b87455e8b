using System.Globalization;
using Edge.Sync.Documents;

namespace Edge.Sync.Projections.Queries;

/// <summary>How a query sorts: the order of SQLite, for rows that are put into their place without asking it again.</summary>
/// <remarks>NULL comes first, then numbers, then text by code point; decimals, which are text, by value.</remarks>
internal sealed class SortOrder((bool IsDescending, bool IsDecimal)[] keys)
{
    public int Count => keys.Length;

    public bool IsDescending(int key) => keys[key].IsDescending;

    public bool IsDecimal(int key) => keys[key].IsDecimal;

    /// <summary>Compares rows by their keys, each as SQLite gives it.</summary>
    public int Compare(object?[] a, object?[] b)
    {
        for (var i = 0; i < keys.Length; i++)
        {
            var order = keys[i].IsDecimal ? CompareDecimals(a[i], b[i]) : Compare(a[i], b[i]);
            if (order != 0) return keys[i].IsDescending ? -order : order;
        }
        return 0;
    }

    private static int Compare(object? a, object? b) => (a, b) switch
    {
        (null, _) or (_, null) => (a is null ? 0 : 1) - (b is null ? 0 : 1),
        (string x, string y) => CanonicalOrder<string>.Comparer.Compare(x, y),
        (string, _) => 1,
        (_, string) => -1,
        (long x, long y) => x.CompareTo(y),
        _ => Convert.ToDouble(a, CultureInfo.InvariantCulture).CompareTo(Convert.ToDouble(b, CultureInfo.InvariantCulture)),
    };

    private static int CompareDecimals(object? a, object? b) => a is string x && b is string y ? SqlFunctions.CompareDecimals(x, y) : Compare(a, b);
}
