namespace Edge.Sync.Inference.Overload;

/// <summary>How long the next reading is likely to take: a moving average of those before, in ticks of <see cref="TimeSpan"/>.</summary>
internal sealed class ServiceEstimate
{
    private const double Weight = 0.1;

    private double _ticks;

    /// <summary>Whether a reading that has waited so long can still be judged in time.</summary>
    public bool CanFinish(TimeSpan waited, TimeSpan deadline)
    {
        if (waited.Ticks + _ticks <= deadline.Ticks)
            return true;
        // One long wait, such as for a disk, must not make all that follow look hopeless: each that is left out lowers the estimate.
        _ticks *= 1 - Weight;
        return false;
    }

    public void Record(TimeSpan taken) => _ticks += Weight * (taken.Ticks - _ticks);
}
