namespace Edge.Sync.Tests.Documents.Types;

/// <summary>A document with a property of every type that merges by itself.</summary>
[EdgeDocument("plant")]
public partial class Plant
{
    public partial string Name { get; set; }
    public partial Counter Minutes { get; }
    public partial GrowCounter Pieces { get; }
    public partial BoundedCounter Seats { get; }
    public partial EnableWinsFlag NeedsAttention { get; }
    public partial DisableWinsFlag Consent { get; }
    public partial Register<string> Status { get; }
    public partial Register<Priority> Priority { get; }
    public partial MaxRegister<double> Peak { get; }
    public partial MaxRegister<string> LastTag { get; }
    public partial MinRegister<DateTimeOffset> FirstSeen { get; }
    public partial MinRegister<int> Lowest { get; }
    public partial ReplicatedSet<string> Tags { get; }
    public partial GrowSet<DocumentId> SignedBy { get; }
    public partial RemoveWinsSet<string> Operators { get; }
    public partial ReplicatedText Notes { get; }
    public partial ReplicatedRichText Manual { get; }
    public partial ReplicatedMap<string, ReplicatedRichText> Pages { get; }
    public partial ReplicatedMap<string, Counter> Stock { get; }
    public partial ReplicatedMap<int, string> Labels { get; }
    public partial ReplicatedMap<Priority, ReplicatedMap<string, ReplicatedSet<long>>> Bins { get; }
    public partial ReplicatedMap<string, ReplicatedText> Remarks { get; }
    public partial ReplicatedMap<Guid, ReplicatedTree<string>> Trees { get; }
    public partial ReplicatedMap<string, WorkStep> Steps { get; }
    public partial Address Address { get; }
    public partial ReplicatedTree<string> Outline { get; }
    public partial EventLog<string> History { get; }
    public partial ReplicatedList<string> Plan { get; }
    public partial ReplicatedMap<string, ReplicatedList<int>> Queues { get; }
}

/// <summary>An object under the keys of a map.</summary>
[EdgeObject]
public partial class WorkStep
{
    public required partial string Text { get; set; }
    public partial bool Done { get; set; }
    public partial Counter Minutes { get; }
    public partial ReplicatedMap<string, int> Parts { get; }
}

/// <summary>An object in a property, with one in itself.</summary>
[EdgeObject]
public partial class Address
{
    public partial string City { get; set; } = "Depot";
    public partial int? Number { get; set; }
    public partial decimal Rent { get; set; }
    public partial DateTimeOffset Since { get; set; }
    public partial MaxRegister<double> Highest { get; }
    public partial EnableWinsFlag Open { get; }
    public partial ReplicatedText Way { get; }
    public partial ReplicatedSet<string> Doors { get; }
    public partial Place Place { get; }
}

[EdgeObject]
public partial class Place
{
    public partial double Latitude { get; set; }
    [Field("it's long")] public partial double Longitude { get; set; }
    public partial string Id { get; set; }
}
