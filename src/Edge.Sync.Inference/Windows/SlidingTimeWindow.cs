namespace Edge.Sync.Inference.Windows;

/// <summary>For each reading, all readings of the time up to it: of <c>(at - duration, at]</c>.</summary>
internal sealed class SlidingTimeWindow<T>(long duration, int readingsMax) : WindowShape<T>
{
    private readonly ReadingRun<T> _run = new(readingsMax);

    public override Entry Enter(long ticks, T reading, out ReadOnlySpan<T> window)
    {
        window = default;
        _run.DropBefore(ticks - duration + 1);
        if (_run.IsFull)
            return Entry.NoRoom;
        _run.Add(ticks, reading);
        window = _run.Items;
        return Entry.Completes;
    }
}
