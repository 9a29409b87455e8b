namespace Edge.Sync.Inference.Windows;

/// <summary>Windows <c>[k·hop, k·hop + size)</c> for whole k, counted from year 1: tumbling where the hop is the size. Empty ones are left out.</summary>
internal sealed class TimeWindow<T>(long size, long hop, int readingsMax) : WindowShape<T>
{
    private readonly ReadingRun<T> _run = new(readingsMax);
    private long _start;

    public override bool TryClose(long horizon, out ReadOnlySpan<T> window)
    {
        window = default;
        _run.DropBefore(_start);
        if (_run.Count == 0)
            return false;
        // Windows that would be empty are passed over in one step, however long nothing came.
        _start = Math.Max(_start, FirstStart(_run.FirstTicks));
        if (_start + size > horizon)
            return false;
        window = _run.Before(_start + size);
        _start += hop;
        return true;
    }

    public override Entry Enter(long ticks, T reading, out ReadOnlySpan<T> window)
    {
        window = default;
        if (_run.IsFull)
            return Entry.NoRoom;
        if (_run.Count == 0)
            _start = FirstStart(ticks);
        _run.Add(ticks, reading);
        return Entry.Waits;
    }

    // The start of the earliest window that holds an instant.
    private long FirstStart(long ticks)
    {
        var (quotient, remainder) = Math.DivRem(ticks - size, hop);
        return (remainder < 0 ? quotient : quotient + 1) * hop;
    }
}
