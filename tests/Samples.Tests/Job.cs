namespace Edge.Sync.Tests;

/// <summary>The document of the quick start, so that the tests can read its files with the library.</summary>
[EdgeDocument("job")]
public partial class Job
{
    public partial string Title { get; set; }
    public partial bool Done { get; set; }
    public partial Counter Minutes { get; }
    public partial ReplicatedSet<string> Parts { get; }
    public partial ReplicatedText Notes { get; }
}
