namespace Edge.Sync.Documents;

/// <summary>The order in which sets and maps enumerate on every replica: by value, text by code point.</summary>
internal static class CanonicalOrder<T>
{
    public static IComparer<T> Comparer { get; } =
        typeof(T) == typeof(string) ? (IComparer<T>)(object)new CodePointComparer() : typeof(IComparable).IsAssignableFrom(typeof(T)) || typeof(IComparable<T>).IsAssignableFrom(typeof(T))
            ? Comparer<T>.Default
            // Records have no order of their own: they come by their bytes.
            : Comparer<T>.Create(static (_, _) => 0);

    /// <summary>The values that <paramref name="elements"/> stand for, in order; those of another type are left out.</summary>
    public static List<(T Value, ValueBytes Bytes)> Sort(IEnumerable<ValueBytes> elements)
    {
        var items = new List<(T Value, ValueBytes Bytes)>();
        foreach (var element in elements)
            if (ValueCodec<T>.TryDecode(element, out var item) && item is not null) items.Add((item, element));
        items.Sort(static (a, b) =>
        {
            // Times of one moment with two offsets, or 1.0 and 1.00, compare as equal, but are two elements.
            var order = Comparer.Compare(a.Value, b.Value);
            return order != 0 ? order : a.Bytes.CompareTo(b.Bytes);
        });
        return items;
    }

    /// <summary>Differs from ordinal comparison, which goes by UTF-16 units, where surrogate pairs meet U+E000 to U+FFFF.</summary>
    private sealed class CodePointComparer : IComparer<string>
    {
        public int Compare(string? x, string? y)
        {
            if (x is null || y is null) return (x is null ? 0 : 1) - (y is null ? 0 : 1);
            var length = Math.Min(x.Length, y.Length);
            for (var i = 0; i < length; i++)
                if (x[i] != y[i]) return Rank(x[i]).CompareTo(Rank(y[i]));
            return x.Length.CompareTo(y.Length);
        }

        // Surrogates stand for code points above all others.
        private static int Rank(char unit) => char.IsSurrogate(unit) ? unit + 0x10000 : unit;
    }
}
