namespace Edge.Sync.Tests.Projections;

/// <summary>A version of <see cref="Job"/> that gives two fields other types.</summary>
[EdgeDocument("job")]
public partial class NumberedJob
{
    public partial long Title { get; set; }
    public partial string Done { get; set; }
}
