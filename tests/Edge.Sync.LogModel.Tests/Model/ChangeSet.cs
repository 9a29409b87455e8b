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
        if (ReferenceEquals(this, other)) return true;
        var at = 0;
        foreach (var item in other._items)
        {
            while (at < _items.Length && _items[at] < item) at++;
            if (at == _items.Length || _items[at] != item) return false;
        }
        return true;
    }

    public bool Overlaps(ChangeSet other)
    {
        if (IsEmpty || other.IsEmpty) return false;
        foreach (var item in other._items)
            if (Contains(item)) return true;
        return false;
    }

    public ChangeSet With(int item)
    {
        var at = Array.BinarySearch(_items, item);
        if (at >= 0) return this;
        var items = new int[_items.Length + 1];
        Array.Copy(_items, items, ~at);
        items[~at] = item;
        Array.Copy(_items, ~at, items, ~at + 1, _items.Length - ~at);
        return new(items);
    }

    public ChangeSet Union(ChangeSet other)
    {
        if (other.IsEmpty || Contains(other)) return this;
        if (other.Contains(this)) return other;
        var items = new int[Count + other.Count];
        int a = 0, b = 0, count = 0;
        while (a < Count || b < other.Count)
        {
            var item = b == other.Count || (a < Count && _items[a] <= other._items[b]) ? _items[a] : other._items[b];
            if (a < Count && _items[a] == item) a++;
            if (b < other.Count && other._items[b] == item) b++;
            items[count++] = item;
        }
        return new(items[..count]);
    }

    public ChangeSet Except(ChangeSet other)
    {
        if (other.IsEmpty || IsEmpty) return this;
        if (other.Contains(this)) return Empty;
        return Where(i => !other.Contains(i));
    }

    public ChangeSet Intersect(ChangeSet other) => Where(other.Contains);

    public ChangeSet Where(Func<int, bool> keep)
    {
        var kept = Array.FindAll(_items, i => keep(i));
        return kept.Length == _items.Length ? this : kept.Length == 0 ? Empty : new(kept);
    }
}
