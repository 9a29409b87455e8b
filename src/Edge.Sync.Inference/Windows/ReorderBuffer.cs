namespace Edge.Sync.Inference.Windows;

/// <summary>Items sorted by instant, in a ring: cheap to add at the end, where nearly all belong, and to take from the front.</summary>
/// <remarks>
/// Adding an item that is late by k places moves k items, which is less work than a heap's as long as readings come nearly in order. The ring
/// grows to <c>capacityMax</c> and never beyond.
/// </remarks>
internal sealed class ReorderBuffer<T>(int capacityMax)
{
    private long[] _ticks = new long[Math.Min(4, capacityMax)];
    private T[] _items = new T[Math.Min(4, capacityMax)];
    private int _head;

    public int Count { get; private set; }

    public bool IsFull => Count == capacityMax;

    public long FirstTicks => _ticks[_head];

    /// <summary>Adds an item at its place. There must be room.</summary>
    /// <returns>False, with nothing changed, where the instant is taken.</returns>
    public bool TryAdd(long ticks, in T item)
    {
        var place = Count;
        while (place > 0 && _ticks[Index(place - 1)] > ticks)
            place--;
        if (place > 0 && _ticks[Index(place - 1)] == ticks)
            return false;
        if (Count == _items.Length)
            Grow();
        for (var i = Count; i > place; i--)
        {
            _ticks[Index(i)] = _ticks[Index(i - 1)];
            _items[Index(i)] = _items[Index(i - 1)];
        }
        _ticks[Index(place)] = ticks;
        _items[Index(place)] = item;
        Count++;
        return true;
    }

    public T TakeFirst()
    {
        var item = _items[_head];
        _items[_head] = default!;
        _head = Index(1);
        Count--;
        return item;
    }

    private int Index(int place)
    {
        var index = _head + place;
        return index < _items.Length ? index : index - _items.Length;
    }

    private void Grow()
    {
        var size = Math.Min(2 * _items.Length, capacityMax);
        var (ticks, items) = (new long[size], new T[size]);
        for (var i = 0; i < Count; i++)
            (ticks[i], items[i]) = (_ticks[Index(i)], _items[Index(i)]);
        (_ticks, _items, _head) = (ticks, items, 0);
    }
}
