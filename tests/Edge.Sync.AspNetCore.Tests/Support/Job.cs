namespace Edge.Sync.AspNetCore.Tests.Support;

[EdgeDocument("job")]
public partial class Job
{
    public partial string Title { get; set; }
    public partial bool Done { get; set; }
    public partial Counter Minutes { get; }
    public partial ReplicatedText Notes { get; }
}
