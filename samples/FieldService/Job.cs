using Edge.Sync;

namespace FieldService;

/// <summary>A job, which the office and the van both edit.</summary>
[EdgeDocument("job")]
public partial class Job
{
    public partial string Key { get; set; }                 // what people call it: its id is made of it
    public partial string Title { get; set; }               // of two titles the later stands, the other is a conflict
    public partial bool Done { get; set; }
    public partial Counter Minutes { get; }                 // everybody's minutes add up
    public partial ReplicatedText Notes { get; }            // nothing that is typed is lost
}
