namespace Edge.Sync;

/// <summary>A replica whose clock was far ahead of this device's when it wrote. Its changes are applied, and its clock is not followed; but against concurrent ones they win, until its clock is capped.</summary>
/// <param name="Replica">The replica.</param>
/// <param name="IsOwn">Whether it is this one: its clock was ahead once, and what it writes stays behind that, so that its own order is kept.</param>
/// <param name="ChangeCount">How many such changes it has written.</param>
/// <param name="Newest">The latest of their times, by its clock.</param>
/// <param name="Ahead">How far that lies ahead of this device's clock now.</param>
public sealed record FastClock(ReplicaId Replica, bool IsOwn, long ChangeCount, DateTimeOffset Newest, TimeSpan Ahead)
{
    /// <summary>What it means, and what can be done.</summary>
    public string Reason => $"{(IsOwn ? "This replica" : $"Replica {Replica}")} has written {ChangeCount} change(s) with a clock that was ahead, by {Ahead.TotalHours:0} hours as of now. They are applied, and win over concurrent ones for as long. Set that device's clock right if it is still wrong, then call CapClockAsync for the replica, on any device: from then on these changes count as written then.";
}
