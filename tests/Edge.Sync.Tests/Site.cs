namespace Edge.Sync.Tests;

/// <summary>A second collection.</summary>
[EdgeDocument("site")]
public partial class Site
{
    public partial string Name { get; set; }
}
