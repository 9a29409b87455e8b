namespace Edge.Sync.Inference.Windows;

/// <summary>Which windows the readings of one key fall into. Readings enter in the order of their instants, each instant once.</summary>
/// <remarks>
/// Since readings enter in order, whatever the order they arrived in, windows are a function of the readings alone.
/// <list type="number">
/// <item><see cref="TryClose"/> is called with every horizon before a reading of that instant enters, until it says false.</item>
/// <item>A window's span is valid until the next call.</item>
/// </list>
/// </remarks>
internal abstract class WindowShape<T>
{
    /// <summary>Closes the next window that time alone has completed: no reading before <paramref name="horizon"/> will come.</summary>
    public virtual bool TryClose(long horizon, out ReadOnlySpan<T> window)
    {
        window = default;
        return false;
    }

    /// <summary>Lets a reading in.</summary>
    public abstract Entry Enter(long ticks, T reading, out ReadOnlySpan<T> window);
}

/// <summary>What became of a reading that entered.</summary>
internal enum Entry
{
    /// <summary>It waits in a window that is not complete.</summary>
    Waits,

    /// <summary>It completed a window.</summary>
    Completes,

    /// <summary>Its window holds as many readings as it may; the reading is left out.</summary>
    NoRoom,
}
