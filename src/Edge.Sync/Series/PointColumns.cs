namespace Edge.Sync.Series;

/// <summary>Points of one key in columns: times in ticks of UTC, values as <see cref="SeriesValue"/> packs them.</summary>
internal sealed class PointColumns
{
    public PointColumns(int columns, int capacity)
    {
        Times = new long[capacity];
        Values = new long[columns][];
        for (var i = 0; i < columns; i++)
            Values[i] = new long[capacity];
    }

    public long[] Times { get; private set; }

    public long[][] Values { get; }

    public int Count { get; set; }

    public long First => Times[0];

    public long Last => Times[Count - 1];

    /// <summary>Makes room for one more, and returns its place; its values are what is there.</summary>
    public int Add(long time)
    {
        if (Count == Times.Length)
        {
            var capacity = Math.Max(16, Count * 2);
            var times = Times;
            Array.Resize(ref times, capacity);
            Times = times;
            for (var i = 0; i < Values.Length; i++)
                Array.Resize(ref Values[i], capacity);
        }
        Times[Count] = time;
        return Count++;
    }

    public void Add(PointColumns from, int row)
    {
        var at = Add(from.Times[row]);
        for (var i = 0; i < Values.Length; i++)
            Values[i][at] = from.Values[i][row];
    }

    public PointColumns Slice(int start, int count)
    {
        if (start == 0 && count == Count) return this;
        var slice = new PointColumns(Values.Length, count) { Count = count };
        Array.Copy(Times, start, slice.Times, 0, count);
        for (var i = 0; i < Values.Length; i++)
            Array.Copy(Values[i], start, slice.Values[i], 0, count);
        return slice;
    }

    /// <summary>The place of the first point at or after <paramref name="time"/>, of points in order.</summary>
    public int IndexOf(long time)
    {
        var index = Times.AsSpan(0, Count).BinarySearch(time);
        return index < 0 ? ~index : index;
    }

    /// <summary>In order of time, one for each instant: the one that was added last.</summary>
    public PointColumns InOrder()
    {
        var isAscending = true;
        for (var i = 1; i < Count && isAscending; i++)
            isAscending = Times[i] > Times[i - 1];
        if (isAscending) return this;
        var order = new int[Count];
        for (var i = 0; i < Count; i++)
            order[i] = i;
        // Not stable by itself: places decide between equals.
        Array.Sort(order, (a, b) => Times[a] != Times[b] ? Times[a].CompareTo(Times[b]) : a.CompareTo(b));
        var sorted = new PointColumns(Values.Length, Count);
        for (var i = 0; i < order.Length; i++)
            if (i + 1 == order.Length || Times[order[i + 1]] != Times[order[i]]) sorted.Add(this, order[i]);
        return sorted;
    }

    /// <summary>Both in order of time. Of two points of one instant, the newer one counts; two buckets are joined.</summary>
    public static PointColumns Merge(PointColumns older, PointColumns newer, bool areBuckets)
    {
        var merged = new PointColumns(older.Values.Length, older.Count + newer.Count);
        int i = 0, j = 0;
        while (i < older.Count || j < newer.Count)
        {
            if (j == newer.Count || (i < older.Count && older.Times[i] < newer.Times[j])) merged.Add(older, i++);
            else if (i == older.Count || newer.Times[j] < older.Times[i]) merged.Add(newer, j++);
            else if (areBuckets)
            {
                merged.Add(older, i++);
                SeriesBuckets.Join(merged, merged.Count - 1, newer, j++);
            }
            else
            {
                merged.Add(newer, j++);
                i++;
            }
        }
        return merged;
    }
}
