namespace Edge.Sync.Tests.Projections;

/// <summary>A document with a column of each type, null and not.</summary>
[EdgeDocument("gauge")]
public partial class Gauge
{
    public partial string? Label { get; set; }
    public partial bool Flag { get; set; }
    public partial bool? MaybeFlag { get; set; }
    public partial byte Small { get; set; }
    public partial short Middle { get; set; }
    public partial int Whole { get; set; }
    public partial int? MaybeWhole { get; set; }
    public partial long Big { get; set; }
    public partial float Narrow { get; set; }
    public partial double Real { get; set; }
    public partial double? MaybeReal { get; set; }
    public partial decimal Price { get; set; }
    public partial Guid Key { get; set; }
    public partial DateTimeOffset At { get; set; }
    public partial DocumentId Site { get; set; }
    public partial Level Level { get; set; }
    public partial Level? MaybeLevel { get; set; }
    public partial Wide Wide { get; set; }
    public partial ReplicatedSet<int> Numbers { get; }
    public partial ReplicatedSet<Level> Levels { get; }
    public partial ReplicatedSet<Guid> Keys { get; }
    public partial ReplicatedSet<double> Reals { get; }
}

public enum Level : byte
{
    None = 0,
    Half = 127,
    Over = 200,
    Full = 255,
}

public enum Wide : ulong
{
    None = 0,
    Many = 1UL << 40,
    Most = ulong.MaxValue,
}
