namespace Edge.Sync.Tests.Conflicts;

/// <summary>A document that stays deleted.</summary>
[EdgeDocument("permit", Delete = DeletePolicy.DeleteWins)]
public partial class Permit
{
    public partial string Holder { get; set; }
    public partial Counter Uses { get; }
}
