namespace Edge.Sync.Benchmarks.Read;

/// <summary>A document of plain values, as most are.</summary>
[EdgeDocument("order")]
public partial class Order
{
    public partial string Customer { get; set; }
    public partial string? Note { get; set; }
    public partial bool Done { get; set; }
    public partial int Priority { get; set; }
    public partial double Weight { get; set; }
    public partial Counter Minutes { get; }
}

/// <summary>A document with a set, a text and a time.</summary>
[EdgeDocument("visit")]
public partial class Visit
{
    public partial string Customer { get; set; }
    public partial bool Done { get; set; }
    public partial DateTimeOffset? Due { get; set; }
    public partial Counter Minutes { get; }
    public partial ReplicatedSet<string> Parts { get; }
    public partial ReplicatedText Notes { get; }
}

/// <summary>What Dapper makes of a row of <see cref="Order"/>.</summary>
public sealed class OrderRow
{
    public string Id { get; set; } = "";
    public string Customer { get; set; } = "";
    public string? Note { get; set; }
    public bool Done { get; set; }
    public int Priority { get; set; }
    public double Weight { get; set; }
    public long Minutes { get; set; }
}

/// <summary>What Dapper makes of a row of <see cref="Visit"/>: the set is text to it.</summary>
public sealed class VisitRow
{
    public string Id { get; set; } = "";
    public string Customer { get; set; } = "";
    public bool Done { get; set; }
    public string? Due { get; set; }
    public long Minutes { get; set; }
    public string Parts { get; set; } = "";
    public string Notes { get; set; } = "";
}
