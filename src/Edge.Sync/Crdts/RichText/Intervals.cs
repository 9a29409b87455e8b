namespace Edge.Sync.Crdts.RichText;

/// <summary>A union of intervals, kept as those that are apart, ascending. Those that touch are one.</summary>
internal sealed class Intervals
{
    private readonly List<(int Start, int End)> _apart = [];

    public bool Contains(int start, int end)
    {
        var index = FirstEndingAt(start + 1);
        return index < _apart.Count && _apart[index].Start <= start && _apart[index].End >= end;
    }

    /// <summary>Whether there is more in common than a border.</summary>
    public bool Overlaps(int start, int end)
    {
        var index = FirstEndingAt(start + 1);
        return index < _apart.Count && _apart[index].Start < end;
    }

    public void Add(int start, int end)
    {
        var index = FirstEndingAt(start);
        var behind = index;
        for (; behind < _apart.Count && _apart[behind].Start <= end; behind++)
            (start, end) = (Math.Min(start, _apart[behind].Start), Math.Max(end, _apart[behind].End));
        _apart.RemoveRange(index, behind - index);
        _apart.Insert(index, (start, end));
    }

    /// <summary>The first interval that ends at <paramref name="end"/> or behind.</summary>
    private int FirstEndingAt(int end)
    {
        int low = 0, high = _apart.Count;
        while (low < high)
        {
            var middle = (low + high) >>> 1;
            if (_apart[middle].End < end) low = middle + 1;
            else high = middle;
        }
        return low;
    }
}
