using Edge.Sync.Scheduling;

namespace Edge.Sync;

/// <summary>One enumeration of a named subscription, as those see it who wake it.</summary>
internal sealed class SubscriptionReading(EdgeScheduler scheduler, ReceiptStage stage)
{
    private long _blockedAt = long.MaxValue;

    /// <summary>Is set whenever there may be something to deliver.</summary>
    public WatchSignal Signal { get; } = new(scheduler);

    public ReceiptStage Stage => stage;

    /// <summary>The position of the first event that has not come far enough: nothing behind it is worth waking for. <see cref="long.MaxValue"/> where there is none, or it is not known.</summary>
    public long BlockedAt
    {
        get => Interlocked.Read(ref _blockedAt);
        set => Interlocked.Exchange(ref _blockedAt, value);
    }
}
