using Edge.Sync;

namespace FactoryFloor.Floor;

/// <summary>Something to be done at a press. Several people work on one order, with or without a network.</summary>
[EdgeDocument("work-order")]
internal partial class WorkOrder
{
    public required partial string Title { get; set; }
    public partial Counter Minutes { get; }
    public partial ReplicatedSet<string> Parts { get; }
    public partial ReplicatedText Notes { get; }
}
