namespace Edge.Sync.Live;

/// <summary>One item of a result, immutable: what has not changed from one result to the next is the same object.</summary>
/// <typeparam name="T">What the result holds.</typeparam>
/// <param name="key">Tells the item from all others of the result.</param>
/// <param name="version">Grows with the item's content.</param>
/// <param name="value">The item.</param>
internal sealed class Row<T>(object key, long version, T value)
{
    public object Key => key;

    public long Version => version;

    public T Value => value;

    /// <summary>What else of the content tells one version from the next.</summary>
    public object? Content { get; init; }

    /// <summary>What the query sorts by.</summary>
    public object?[] SortKeys { get; init; } = [];

    public bool IsSame(Row<T> other) => ReferenceEquals(this, other) || (version == other.Version && key.Equals(other.Key) && Equals(Content, other.Content));

    /// <summary>Whether two results are the same, item by item.</summary>
    public static bool AreSame(Row<T>[] a, Row<T>[] b)
    {
        if (ReferenceEquals(a, b)) return true;
        if (a.Length != b.Length) return false;
        for (var i = 0; i < a.Length; i++)
            if (!a[i].IsSame(b[i])) return false;
        return true;
    }

    /// <summary>What the items hold: a view, since a hundred watchers of one long result need no copy each.</summary>
    public static IReadOnlyList<T> Values(Row<T>[] rows) => new RowValues<T>(rows);
}
