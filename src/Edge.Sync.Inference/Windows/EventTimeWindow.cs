namespace Edge.Sync.Inference.Windows;

/// <summary>The windows of one key in event time: readings enter them in the order of their instants, whatever the order they arrive in.</summary>
/// <remarks>
/// The watermark is the highest instant seen less the allowed lateness (as in Akidau et al., "The Dataflow Model", VLDB 2015). A reading is held
/// back until the watermark reaches its instant; from then on nothing may come before it. So, for readings with distinct instants:
/// <list type="number">
/// <item>no reading that is late by at most the allowed lateness is dropped;</item>
/// <item>the sequence of windows is that of the readings in sorted order.</item>
/// </list>
/// Both hold while the buffer is not full. A full one gives its earliest reading free before its time, and the frontier moves up to it: memory
/// is bounded, and what then comes too late is counted as late.
/// </remarks>
internal sealed class EventTimeWindow<T>(WindowShape<T> shape, long allowedLatenessTicks, int heldBackMax)
{
    // One place more than may wait: the newest reading comes in before the earliest is let go.
    private readonly ReorderBuffer<T> _heldBack = new(heldBackMax + 1);
    // Before every instant that there is, and far enough from the end of the range that differences never overflow.
    private long _watermark = -1;
    private long _lastReleased = -1;

    public int HeldBack => _heldBack.Count;

    /// <summary>Takes a reading in. Call <see cref="TryAdvance"/> until it says <see cref="Advance.None"/> after each.</summary>
    public Arrival Accept(long ticks, in T reading)
    {
        if (ticks < _watermark || ticks < _lastReleased)
            return Arrival.Late;
        if (ticks == _lastReleased || !_heldBack.TryAdd(ticks, reading))
            return Arrival.Duplicate;
        // Instants are never negative, so this cannot overflow, however large the lateness.
        _watermark = Math.Max(_watermark, ticks - allowedLatenessTicks);
        return Arrival.Taken;
    }

    /// <summary>Says that nothing before an instant will come any more.</summary>
    public void MoveTo(long ticks) => _watermark = Math.Max(_watermark, ticks);

    /// <summary>Moves the next reading that is due into its window, or closes the next window that time has completed.</summary>
    /// <param name="window">Its readings, oldest first, where one is complete. Valid until the next call.</param>
    /// <param name="all">Also what is not yet due: the stream has ended.</param>
    public Advance TryAdvance(out ReadOnlySpan<T> window, bool all = false)
    {
        // A full buffer must make room before the next reading arrives.
        var isDue = _heldBack.Count > 0 && (all || _heldBack.FirstTicks <= _watermark || _heldBack.IsFull);
        if (shape.TryClose(isDue ? _heldBack.FirstTicks : all ? long.MaxValue : _watermark, out window))
            return Advance.Closed;
        if (!isDue)
            return Advance.None;
        _lastReleased = _heldBack.FirstTicks;
        return shape.Enter(_lastReleased, _heldBack.TakeFirst(), out window) switch
        {
            Entry.Completes => Advance.Completed,
            Entry.NoRoom => Advance.LeftOut,
            _ => Advance.Entered,
        };
    }
}

/// <summary>One step of <see cref="EventTimeWindow{T}.TryAdvance"/>.</summary>
internal enum Advance
{
    /// <summary>Nothing is due.</summary>
    None,

    /// <summary>A reading entered and waits.</summary>
    Entered,

    /// <summary>A reading entered and completed a window.</summary>
    Completed,

    /// <summary>A reading was left out: its window is full.</summary>
    LeftOut,

    /// <summary>Time completed a window.</summary>
    Closed,
}
