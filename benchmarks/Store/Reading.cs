namespace Edge.Sync.Benchmarks.Store;

/// <summary>What a sensor writes: small documents, many of them.</summary>
[EdgeDocument("reading")]
public partial class Reading
{
    public partial string Sensor { get; set; }
    public partial double Value { get; set; }
    public partial Counter Samples { get; }
}

/// <summary>A long text that is edited by keystrokes.</summary>
[EdgeDocument("page")]
public partial class Page
{
    public partial ReplicatedText Text { get; }
}
