namespace Edge.Sync.Tests.Forgetting;

/// <summary>A document of one person: written encrypted.</summary>
[EdgeDocument("patient", Forgettable = true)]
public partial class Patient
{
    public partial string Name { get; set; }
    public partial Counter Visits { get; }
    public partial ReplicatedSet<string> Allergies { get; }
    public partial ReplicatedText Notes { get; }
    [LocalOnly] public partial string Draft { get; set; }
}

/// <summary>The same as an older version of the app has it: not forgettable.</summary>
[EdgeDocument("patient")]
public partial class PlainPatient
{
    public partial string Name { get; set; }
    public partial Counter Visits { get; }
    public partial ReplicatedSet<string> Allergies { get; }
    public partial ReplicatedText Notes { get; }
}
