namespace Edge.Sync.Inference.Overload;

/// <summary>How long a reading may take, and what goes when there are too many.</summary>
internal sealed record OverloadPlan(TimeSpan Deadline, ShedPolicy Policy, int Capacity);
