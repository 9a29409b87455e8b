namespace Edge.Sync.Tests;

/// <summary>The document that most tests edit: one field of each kind.</summary>
[EdgeDocument("job")]
public partial class Job
{
    public partial string Title { get; set; }
    public partial bool Done { get; set; }
    public partial DateTimeOffset? Due { get; set; }
    public partial Priority Priority { get; set; }
    public partial Counter Minutes { get; }
    public partial ReplicatedSet<string> Parts { get; }
    public partial ReplicatedText Notes { get; }
}

public enum Priority
{
    Low,
    Normal,
    High,
}
