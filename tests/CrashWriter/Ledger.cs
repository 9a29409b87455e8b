namespace Edge.Sync;

/// <summary>What the crash test writes: one field of each kind.</summary>
[EdgeDocument("ledger")]
public partial class Ledger
{
    public partial long Last { get; set; }
    public partial Counter Edits { get; }
    public partial ReplicatedSet<long> Numbers { get; }
    public partial ReplicatedText Journal { get; }
}
