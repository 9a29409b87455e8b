namespace Edge.Sync.Inference.Windows;

/// <summary>The newest <c>count</c> items as one contiguous span, without moving them.</summary>
/// <remarks>
/// Each item is written twice, <c>count</c> places apart, so that the span that ends at the newest item never wraps:
/// <code>
/// count = 3 after a b c d:   d b c | d b c
///                              ^^^^^^        the window b c d
/// </code>
/// </remarks>
internal sealed class SlidingWindow<T>(int count)
{
    private readonly T[] _items = new T[2 * count];
    private int _next;
    private int _held;

    public bool IsFull => _held == count;

    /// <summary>Oldest first. Valid until the next <see cref="Push"/>.</summary>
    public ReadOnlySpan<T> Items => IsFull ? _items.AsSpan(_next, count) : _items.AsSpan(0, _held);

    public void Push(in T item)
    {
        _items[_next] = item;
        _items[_next + count] = item;
        _next = _next + 1 == count ? 0 : _next + 1;
        if (_held < count)
            _held++;
    }
}
