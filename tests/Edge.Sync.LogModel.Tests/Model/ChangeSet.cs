namespace Edge.Sync.LogModel.Model;

/// <summary>An immutable set of changes, by their numbers in the <see cref="Universe"/>. Sorted; equal sets have equal hashes.</summary>
internal sealed class ChangeSet
{
    private readonly int[] _items;

    private ChangeSet(int[] sorted)
    {
        _items = sorted;
        var hash = new StateHash();
        foreach (var item in sorted) hash.Add(item + 1);
        Hash = hash.Value;
    }

    public static ChangeSet Empty { get; } = new([]);

    public UInt128 Hash { get; }

    public int Count => _items.Length;

    public bool IsEmpty => _items.Length == 0;

    /// <summary>Ascending.</summary>
    public ReadOnlySpan<int> Items => _items;

    public static ChangeSet Of(IEnumerable<int> items)
    {
        var sorted = items.Distinct().Order().ToArray();
        return sorted.Length == 0 ? Empty : new(sorted);
    }

    public bool Contains(int item) => Array.BinarySearch(_items, item) >= 0;

    public bool Contains(ChangeSet other)
    {
        if (other.Count > Count) return false;
        foreach (var item in other._items)
            if (!Contains(item)) return false;
        return true;
    }

    public bool Overlaps(ChangeSet other)
    {
        foreach (var item in other._items)
            if (Contains(item)) return true;
        return false;
    }

    public ChangeSet With(int item) => Contains(item) ? this : Of([.. _items, item]);

    public ChangeSet Union(ChangeSet other)
    {
        if (other.IsEmpty || Contains(other)) return this;
        return other.Contains(this) ? other : Of(_items.Concat(other._items));
    }

    public ChangeSet Except(ChangeSet other) => other.IsEmpty || IsEmpty ? this : Where(i => !other.Contains(i));

    public ChangeSet Intersect(ChangeSet other) => Where(other.Contains);

    public ChangeSet Where(Func<int, bool> keep)
    {
        var kept = Array.FindAll(_items, i => keep(i));
        return kept.Length == _items.Length ? this : kept.Length == 0 ? Empty : new(kept);
    }
}
