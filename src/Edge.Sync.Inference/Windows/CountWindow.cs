namespace Edge.Sync.Inference.Windows;

/// <summary>Every <c>step</c> readings, the newest <c>count</c>: sliding where the step is 1, tumbling where it is the count, hopping in between.</summary>
internal sealed class CountWindow<T>(int count, int step) : WindowShape<T>
{
    private readonly SlidingWindow<T> _window = new(count);
    private int _untilNext = count;

    public override Entry Enter(long ticks, T reading, out ReadOnlySpan<T> window)
    {
        _window.Push(reading);
        if (--_untilNext > 0)
        {
            window = default;
            return Entry.Waits;
        }
        _untilNext = step;
        window = _window.Items;
        return Entry.Completes;
    }
}
