namespace Edge.Sync.LogModel.Model;

/// <summary>What an editor sees when it makes an edit.</summary>
internal readonly record struct Editor(int Slot, int Edit, FleetWorld World, ReplicaFile File)
{
    public Document Document => World.DocumentOf(File, Slot);

    public Universe Universe => World.Universe;
}

/// <summary>A small world: who is in it, what its document is, what may happen and how often.</summary>
internal sealed record Scenario
{
    public Rules Rules { get; init; } = new();

    /// <summary>Part of every id: another number, other orders among ids.</summary>
    public int Database { get; init; } = 1;

    public Document Empty { get; init; } = CounterDocument.Empty;

    /// <summary>Machines that are declared members; a member's first feed is its machine's number.</summary>
    public int[] Members { get; init; } = [0, 1, 2];

    /// <summary>Members that may put others out and refuse changes, the most senior first.</summary>
    public int[] Authorities { get; init; } = [];

    /// <summary>Whether the fourth machine has a file of its own from the beginning, without being a member.</summary>
    public bool HasNewcomer { get; init; }

    /// <summary>Machines that never come back, for the question whether the others end equal.</summary>
    public int[] NeverReturning { get; init; } = [];

    public int[] WallClocks { get; init; } = [0, 0, 0, 0];

    /// <summary>The edits on offer.</summary>
    public Func<Editor, IEnumerable<Operation>> Edits { get; init; } = static editor => [new(OperationKind.Add, -1, editor.Edit, ChangeSet.Empty)];

    /// <summary>How often each act may happen, for the machines A, B, C, D.</summary>
    public Dictionary<Act, byte[]> Budgets { get; init; } = [];

    /// <summary>What has happened when the exploration begins; not charged to the budgets.</summary>
    public Step[] Before { get; init; } = [];

    /// <summary>Whether a replica's file may be found to be two branches of one feed although nobody copied or rolled back a file.</summary>
    public Func<FleetWorld, Fleet, string?>? Property { get; init; }

    /// <summary>Pairs of machines that can talk; null for all.</summary>
    public (int From, int To)[]? Links { get; init; }
}
