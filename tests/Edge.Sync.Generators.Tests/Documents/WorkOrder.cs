namespace Edge.Sync.Generators.Tests.Documents;

/// <summary>A document with a field of every kind of register.</summary>
[EdgeDocument("work-order")]
public partial class WorkOrder
{
    public required partial string Title { get; set; }
    public partial string? Remark { get; set; }
    public partial string Site { get; set; } = "Depot";
    public partial int Crew { get; set; } = 2;
    public partial Urgency Urgency { get; set; } = Urgency.Normal;
    public partial bool Done { get; set; }
    public partial byte Grade { get; set; }
    public partial short Shelf { get; set; }
    public partial long Serial { get; set; }
    public partial float Load { get; set; }
    public partial double Pressure { get; set; }
    public partial decimal Price { get; set; }
    public partial Guid Key { get; set; }
    public partial DateTimeOffset Opened { get; set; }
    public partial DocumentId Pump { get; set; }
    public partial int? Rank { get; set; }
    public partial DateTimeOffset? Due { get; set; }
    public partial Urgency? Asked { get; set; }
    public partial string Author { get; init; }
    public partial bool Approved { get; private set; }
    [Field("machine")] public partial string Asset { get; set; }
    public partial ReplicatedSet<Urgency> Seen { get; }

    public void Approve() => Approved = true;
}

public enum Urgency : byte { Low, Normal, High }
