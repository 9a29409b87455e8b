namespace Edge.Sync.Inference.Windows;

/// <summary>The sliding window of one key in event time: readings enter it in the order of their instants, whatever the order they arrive in.</summary>
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
internal sealed class EventTimeWindow<T>(int count, long allowedLatenessTicks, int heldBackMax)
{
    private readonly SlidingWindow<T> _window = new(count);
    // One place more than may wait: the newest reading comes in before the earliest is let go.
    private readonly ReorderBuffer<T> _heldBack = new(heldBackMax + 1);
    private long _watermark = long.MinValue;
    private long _lastReleased = long.MinValue;

    public int HeldBack => _heldBack.Count;

    public SlidingWindow<T> Window => _window;

    /// <summary>Takes a reading in. Call <see cref="TryAdvance"/> until it says false after each.</summary>
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

    /// <summary>Moves the next reading that is due into the window.</summary>
    /// <param name="all">Also what is not yet due: the stream has ended.</param>
    public bool TryAdvance(bool all = false)
    {
        // A full buffer must make room before the next reading arrives.
        if (_heldBack.Count == 0 || !(all || _heldBack.FirstTicks <= _watermark || _heldBack.IsFull))
            return false;
        _lastReleased = _heldBack.FirstTicks;
        _window.Push(_heldBack.TakeFirst());
        return true;
    }
}
