namespace Edge.Sync.Documents;

/// <summary>The order in which sets enumerate on every replica: by value, text by code point.</summary>
internal static class CanonicalOrder<T>
{
    public static IComparer<T> Comparer { get; } = typeof(T) == typeof(string) ? (IComparer<T>)(object)new CodePointComparer() : Comparer<T>.Default;

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
