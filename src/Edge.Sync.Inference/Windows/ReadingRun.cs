namespace Edge.Sync.Inference.Windows;

/// <summary>Readings in the order of their instants, contiguous: added at the end, dropped from the front.</summary>
internal sealed class ReadingRun<T>(int countMax)
{
    private long[] _ticks = new long[Math.Min(16, countMax)];
    private T[] _items = new T[Math.Min(16, countMax)];
    private int _head;
    private int _tail;

    public int Count => _tail - _head;

    public bool IsFull => Count == countMax;

    public long FirstTicks => _ticks[_head];

    public long LastTicks => _ticks[_tail - 1];

    public ReadOnlySpan<T> Items => _items.AsSpan(_head, Count);

    /// <summary>The readings before an instant.</summary>
    public ReadOnlySpan<T> Before(long ticks) => Items[..CountBefore(ticks)];

    /// <summary>Adds a reading. There must be room.</summary>
    public void Add(long ticks, in T item)
    {
        if (_tail == _items.Length)
            MakeRoom();
        (_ticks[_tail], _items[_tail]) = (ticks, item);
        _tail++;
    }

    public void DropBefore(long ticks) => Drop(CountBefore(ticks));

    public void Clear() => Drop(Count);

    private void Drop(int count)
    {
        _items.AsSpan(_head, count).Clear();
        _head += count;
        if (_head == _tail)
            _head = _tail = 0;
    }

    private int CountBefore(long ticks)
    {
        var found = _ticks.AsSpan(_head, Count).BinarySearch(ticks);
        return found < 0 ? ~found : found;
    }

    // Moves to the front where that frees at least half, so that each reading is moved once on average; else grows.
    private void MakeRoom()
    {
        var count = Count;
        var (ticks, items) = (_ticks, _items);
        if (count > _items.Length / 2)
        {
            var size = (int)Math.Min(2L * _items.Length, Math.Max(countMax, _items.Length + 1L));
            (ticks, items) = (new long[size], new T[size]);
        }
        Array.Copy(_ticks, _head, ticks, 0, count);
        Array.Copy(_items, _head, items, 0, count);
        if (items == _items)
            items.AsSpan(count).Clear();
        (_ticks, _items, _head, _tail) = (ticks, items, 0, count);
    }
}
