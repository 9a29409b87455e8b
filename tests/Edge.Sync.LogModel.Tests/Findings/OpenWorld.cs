namespace Edge.Sync.LogModel.Findings;

/// <summary>The world of everything at once: three members, one of them with authority, and a copy; any kind of document, any set of faults.</summary>
internal static class OpenWorld
{
    public const int LengthMax = 70;

    /// <summary>What can go wrong. Without any of them there are commits, acceptances, folds, caps, and messages that are lost.</summary>
    public static IReadOnlyList<Act> Faults { get; } = [Act.Copy, Act.Restore, Act.Crash, Act.Expel, Act.Reject, Act.Purge];

    /// <param name="kind">The kind of document.</param>
    /// <param name="each">How many edits and acceptances each machine has.</param>
    /// <param name="faults">What can go wrong; null for all.</param>
    public static Scenario Of(string kind, int each, IReadOnlyCollection<Act>? faults = null)
    {
        var n = (byte)each;
        var budgets = new Dictionary<Act, byte[]>
        {
            [Act.Commit] = [n, n, n, n],
            [Act.Acknowledge] = [n, n, n, n],
            [Act.Fold] = [1, 1, 1, 1],
            [Act.Crash] = [1, 1, 1, 1],
            [Act.Expel] = [1],
            [Act.Reject] = [1],
            [Act.TakeBack] = [1],
            [Act.Copy] = [0, 1, 1],
            [Act.Backup] = [0, 0, 1],
            [Act.Restore] = [0, 0, 1],
            [Act.CapClock] = [0, 1],
            [Act.Purge] = [0, 1, 1],
        };
        foreach (var fault in Faults)
            if (faults?.Contains(fault) == false) budgets.Remove(fault);
        var (empty, edits) = DocumentOf(kind);
        return new() { Empty = empty, Edits = edits, Authorities = [0], WallClocks = [9, 0, 3, 0], Budgets = budgets };
    }

    /// <summary>The same with a newcomer in the place of the copy, or with a second member who may put out and reject.</summary>
    public static Scenario With(this Scenario scenario, string variant)
    {
        if (variant.Length == 0) return scenario;
        var budgets = new Dictionary<Act, byte[]>(scenario.Budgets);
        if (variant == "newcomer")
        {
            budgets.Remove(Act.Copy);
            return scenario with { HasNewcomer = true, Budgets = budgets };
        }
        foreach (var act in (Act[])[Act.Expel, Act.Reject, Act.TakeBack])
            if (budgets.ContainsKey(act)) budgets[act] = [1, 1];
        return scenario with { Authorities = [0, 1], Budgets = budgets };
    }

    private static (Document, Func<Editor, IEnumerable<Operation>>) DocumentOf(string kind) => kind switch
    {
        "counter" => (CounterDocument.Empty, static e => [new(OperationKind.Add, -1, e.Edit, ChangeSet.Empty)]),
        "text" => (TextDocument.Empty, Text),
        "register" => (RegisterDocument.Empty, static e => [new(OperationKind.Write, -1, e.Edit, ChangeSet.Of(e.Document.VisibleChanges))]),
        "set" => (SetDocument.Empty, static e => e.Document.VisibleChanges.Count > 0
            ? [new(OperationKind.Put, -1, 1, ChangeSet.Empty), new(OperationKind.Remove, -1, 0, ChangeSet.Of(e.Document.VisibleChanges))]
            : [new(OperationKind.Put, -1, 1, ChangeSet.Empty)]),
        "purged" => (new PairDocument(CounterDocument.Empty, CounterDocument.Empty), static e => [new(OperationKind.Add, -1, e.Edit, ChangeSet.Empty) { Document = 1 }]),
        "erasable text" => (new PairDocument(CounterDocument.Empty, TextDocument.Empty), static e => Text(e).Select(static o => o with { Document = 1 })),
        "pair" => (new PairDocument(CounterDocument.Empty, TextDocument.Empty), static e => [new(OperationKind.Add, -1, e.Edit, ChangeSet.Empty), .. Text(e).Select(static o => o with { Document = 1 })]),
        _ => (TreeDocument.Empty, static e => [new(OperationKind.Move, 10 + e.Slot, 1, ChangeSet.Empty), new(OperationKind.Move, 1, 10 + e.Slot, ChangeSet.Empty)]),
    };

    private static Operation[] Text(Editor e) => e.Document.VisibleChanges is [.., var last]
        ? [new(OperationKind.Insert, last, e.Edit, ChangeSet.Empty), new(OperationKind.Delete, last, e.Edit, ChangeSet.Empty)]
        : [new(OperationKind.Insert, -1, e.Edit, ChangeSet.Empty)];
}
