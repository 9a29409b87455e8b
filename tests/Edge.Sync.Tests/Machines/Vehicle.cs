namespace Edge.Sync.Tests.Machines;

/// <summary>A document whose plate only one may bear.</summary>
[EdgeDocument("vehicle")]
public partial class Vehicle
{
    [UniqueClaim] public partial string Plate { get; set; }
    [UniqueClaim] public partial string? Badge { get; set; }
    public partial string Color { get; set; }
}
