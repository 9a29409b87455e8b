namespace Edge.Sync.Tests.Documents.Forms;

/// <summary>A document of which a part stays on the device.</summary>
[EdgeDocument("note")]
public partial class Note
{
    public partial string Text { get; set; }
    [LocalOnly, Indexed] public partial bool Pinned { get; set; }
    [LocalOnly] public partial ReplicatedText Scratch { get; }
    [LocalOnly] public partial ReplicatedSet<string> Seen { get; }
    [LocalOnly] public partial string Color { get; set; } = "white";
    [LocalOnly] public partial ReplicatedList<Line> Lines { get; }
}
