namespace Edge.Sync.Tests.Projections;

/// <summary>A later version of <see cref="Job"/>: one field renamed with its wire name pinned, one new, some gone, one with another type.</summary>
[EdgeDocument("job")]
public partial class NewerJob
{
    [Field("Title")]
    public partial string Heading { get; set; }
    public partial string? Crew { get; set; }
    public partial DateTimeOffset? Due { get; set; }
}
