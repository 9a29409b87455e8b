namespace Edge.Sync.Causality;

/// <summary>
/// Gives stamps that never go back, from a wall clock that may: it follows the stamps it sees, within a limit.
/// </summary>
/// <remarks>
/// A stamp further ahead of the wall clock than the drift limit is not adopted: one device with a clock ten years ahead
/// must not drag the fleet along. Its changes are applied all the same. Not safe for use by several threads at once.
/// </remarks>
internal sealed class HybridClock(TimeProvider timeProvider, TimeSpan driftMax)
{
    private ulong _last;

    /// <summary>A stamp later than all that this clock has given or adopted.</summary>
    public HybridTimestamp Next()
    {
        _last = Math.Max(_last + 1, WallClock().Value);
        return new(_last);
    }

    /// <summary>Takes note of a stamp from elsewhere. Returns false where it lies too far ahead to be followed.</summary>
    public bool Observe(HybridTimestamp stamp)
    {
        if (IsFarAhead(stamp)) return false;
        _last = Math.Max(_last, stamp.Value);
        return true;
    }

    /// <summary>Whether a stamp lies further ahead of the wall clock than is followed.</summary>
    public bool IsFarAhead(HybridTimestamp stamp) => Ahead(stamp) > driftMax;

    /// <summary>How far a stamp lies ahead of the wall clock; negative where it lies behind.</summary>
    public TimeSpan Ahead(HybridTimestamp stamp) => TimeSpan.FromMilliseconds(stamp.UnixMilliseconds - WallClock().UnixMilliseconds);

    /// <summary>Goes back, since what this clock has given counts as no later than <paramref name="stamp"/> by now.</summary>
    public void Reset(HybridTimestamp stamp) => _last = stamp.Value;

    /// <summary>Never gives a stamp at or below <paramref name="stamp"/> again: for the file's own past, whatever the wall clock says now.</summary>
    public void Restore(HybridTimestamp stamp) => _last = Math.Max(_last, stamp.Value);

    private HybridTimestamp WallClock() => HybridTimestamp.FromUnixMilliseconds(timeProvider.GetUtcNow().ToUnixTimeMilliseconds());
}
