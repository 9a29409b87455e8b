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
}
