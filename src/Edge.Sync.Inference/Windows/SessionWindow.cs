namespace Edge.Sync.Inference.Windows;

/// <summary>Readings with no gap longer than <c>gap</c> between them, ended early where they would last longer than <c>durationMax</c>.</summary>
internal sealed class SessionWindow<T>(long gap, long durationMax, int readingsMax) : WindowShape<T>
{
    private readonly ReadingRun<T> _run = new(readingsMax);
    private bool _isClosed;

    public override bool TryClose(long horizon, out ReadOnlySpan<T> window)
    {
        window = default;
        Forget();
        if (_run.Count == 0 || horizon - _run.LastTicks <= gap && horizon - _run.FirstTicks <= durationMax)
            return false;
        _isClosed = true;
        window = _run.Items;
        return true;
    }

    public override Entry Enter(long ticks, T reading, out ReadOnlySpan<T> window)
    {
        window = default;
        Forget();
        if (_run.IsFull)
            return Entry.NoRoom;
        _run.Add(ticks, reading);
        return Entry.Waits;
    }

    // Not at once: the caller has its span.
    private void Forget()
    {
        if (!_isClosed)
            return;
        _run.Clear();
        _isClosed = false;
    }
}
