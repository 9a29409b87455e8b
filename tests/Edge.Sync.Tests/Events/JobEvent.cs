namespace Edge.Sync.Tests.Events;

[EdgeEvent("job-event")]
public abstract partial record JobEvent
{
    [EdgeEvent("opened")]
    public sealed partial record Opened(string Title) : JobEvent;

    [EdgeEvent("closed")]
    public sealed partial record Closed(int Minutes, string By) : JobEvent;

    [EdgeEvent("measured")]
    public sealed record Measured(double Value, decimal Price, DateTimeOffset At, Guid Device, Level Level, Spot Spot, Reference<Job> Job, string? Note, int? Count, bool Ok) : JobEvent
    {
        public long Extra { get; init; }
    }

    [EdgeEvent("paused")]
    public sealed record Paused : JobEvent;
}

public enum Level { Low, High }

public readonly record struct Spot(int X, int? Y);

/// <summary>The same collection, as an older version of the app has it.</summary>
[EdgeEvent("job-event")]
public abstract partial record OldJobEvent
{
    [EdgeEvent("closed")]
    public sealed record Closed(int Minutes) : OldJobEvent;
}

/// <summary>And as a newer one has it: a member more, and a record with another name.</summary>
[EdgeEvent("job-event")]
public abstract partial record NewJobEvent
{
    [EdgeEvent("closed")]
    public sealed record Finished([property: Field("Minutes")] int Spent, string By, string? Place) : NewJobEvent;
}

[EdgeEvent("ticked")]
public sealed partial record Ticked(int Number);
