namespace Edge.Sync.Tests.Projections;

/// <summary>A document with the values that SQL and C# see differently.</summary>
[EdgeDocument("meter")]
public partial class Meter
{
    public partial double Level { get; set; }
    public partial float? Drift { get; set; }
    public partial decimal Price { get; set; }
    public partial Strength Strength { get; set; }
    public partial string? Label { get; set; }
    public partial int Number { get; set; }
    public partial ReplicatedSet<DateTimeOffset> Times { get; }
    public partial ReplicatedSet<double> Levels { get; }
}

/// <summary>A collection whose name differs in case only.</summary>
[EdgeDocument("Meter")]
public partial class CapitalMeter
{
    public partial string Name { get; set; }
}

public enum Strength : byte
{
    None,
    Strong = 200,
}
