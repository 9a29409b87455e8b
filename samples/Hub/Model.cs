using Edge.Sync;

namespace Hub;

[EdgeDocument("job")]
public partial class Job
{
    public required partial string Title { get; set; }
    public partial bool Done { get; set; }
    public partial Counter Minutes { get; }
    public partial Reference<Site> Site { get; set; }
}

[EdgeDocument("site")]
public partial class Site
{
    public required partial string Name { get; set; }
}
