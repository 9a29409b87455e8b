namespace Edge.Sync;

/// <summary>From when on a database counts as degraded.</summary>
public sealed class EdgeSyncHealthOptions
{
    /// <summary>How long something may be unsent, with no peer acknowledging any of it, while the database syncs.</summary>
    /// <value>The default is 1 hour. A device that is meant to be offline for days wants more: <see cref="Timeout.InfiniteTimeSpan"/> is never.</value>
    public TimeSpan UnsentMax { get; set; } = TimeSpan.FromHours(1);

    /// <summary>How much room the file's medium must have left, in bytes.</summary>
    /// <value>The default is 64 MiB; 0 is not to look.</value>
    public long FreeBytesMin { get; set; } = 64L << 20;
}
