using static Edge.Sync.LogModel.Findings.Finding;

namespace Edge.Sync.LogModel.Findings;

/// <summary>Everything at once: what no single finding thought of.</summary>
public class OpenWorldTests
{
    private static Scenario Open(Document empty, Func<Editor, IEnumerable<Operation>> edits) => new()
    {
        Empty = empty,
        Edits = edits,
        Authorities = [0],
        WallClocks = [9, 0, 3, 0],
        Budgets = Budgets(1 + Bounds.Extra),
    };

    private static Dictionary<Act, byte[]> Budgets(int each)
    {
        var n = (byte)each;
        return new()
        {
            [Act.Commit] = [n, n, n, n],
            [Act.Acknowledge] = [n, n, n, n],
            [Act.Fold] = [1, 1, 1, 1],
            [Act.Crash] = [1, 1, 1, 1],
            [Act.Expel] = [1],
            [Act.Reject] = [1],
            [Act.Copy] = [0, 1, 1],
            [Act.Backup] = [0, 0, 1],
            [Act.Restore] = [0, 0, 1],
            [Act.Adopt] = [1, 1, 1, 1],
            [Act.CapClock] = [0, 1],
        };
    }

    private static Scenario ScenarioOf(string kind) => kind switch
    {
        "counter" => Open(CounterDocument.Empty, static e => [new(OperationKind.Add, -1, e.Edit, ChangeSet.Empty)]),
        "text" => Open(TextDocument.Empty, static e => e.Document.VisibleChanges is [.., var last]
            ? [new(OperationKind.Insert, last, e.Edit, ChangeSet.Empty), new(OperationKind.Delete, last, e.Edit, ChangeSet.Empty)]
            : [new(OperationKind.Insert, -1, e.Edit, ChangeSet.Empty)]),
        "register" => Open(RegisterDocument.Empty, static e => [new(OperationKind.Write, -1, e.Edit, ChangeSet.Of(e.Document.VisibleChanges))]),
        "set" => Open(SetDocument.Empty, static e => e.Document.VisibleChanges.Count > 0
            ? [new(OperationKind.Put, -1, 1, ChangeSet.Empty), new(OperationKind.Remove, -1, 0, ChangeSet.Of(e.Document.VisibleChanges))]
            : [new(OperationKind.Put, -1, 1, ChangeSet.Empty)]),
        _ => Open(TreeDocument.Empty, static e => [new(OperationKind.Move, 10 + e.Slot, 1, ChangeSet.Empty), new(OperationKind.Move, 1, 10 + e.Slot, ChangeSet.Empty)]),
    };

    /// <summary>Not whole: breadth first, as far as the bound goes.</summary>
    [Fact]
    public void Invariants_hold_in_every_short_history()
    {
        var exploration = Explorer.Explorer.Explore(new FleetWorld(ScenarioOf("text")), Math.Min(Bounds.StatesMax, Bounds.OpenStatesMax));
        Print(exploration.ToString());
        Assert.True(exploration.Counterexample is null, exploration.Counterexample?.ToString());
    }

    /// <summary>One kind of fault, often; then all of them together, over each kind of document.</summary>
    [Theory]
    [InlineData("text", nameof(Act.Copy))]
    [InlineData("text", nameof(Act.Restore))]
    [InlineData("text", nameof(Act.Crash))]
    [InlineData("text", nameof(Act.Expel))]
    [InlineData("text", nameof(Act.Reject))]
    [InlineData("counter", null)]
    [InlineData("text", null)]
    [InlineData("register", null)]
    [InlineData("set", null)]
    [InlineData("tree", null)]
    public void Invariants_hold_in_long_random_histories(string kind, string? onlyFault)
    {
        var world = new FleetWorld(Many(kind, onlyFault));
        var (actions, found) = SeededWalk.Explore(world, 1, Bounds.SeedCount, LengthMax, foundMax: 1);
        Print($"{kind} {onlyFault}: seeds 1 to {Bounds.SeedCount}, {actions:N0} states, {world.FoldCount:N0} folds");
        Assert.True(found.Count == 0, found.FirstOrDefault()?.ToString());
    }

    /// <summary>Rules whose lack needs several acts together to do harm, each with the first seed from 1 on that shows it.</summary>
    [Theory]
    [InlineData("text", null, nameof(Rules.CompactsSettledOnly), 4)]
    [InlineData("text", null, nameof(Rules.ComparesIds), 1)]
    [InlineData("text", null, nameof(Rules.VoidNotExcised), 2)]
    [InlineData("counter", null, nameof(Rules.AcceptanceBinds), 17)]
    [InlineData("text", nameof(Act.Expel), nameof(Rules.OutStaysOut), 198)]
    [InlineData("counter", null, nameof(Rules.OldWorkKeepsIds), 413)]
    [InlineData("counter", null, nameof(Rules.ReissueNamesReplaced), 1)]
    [InlineData("counter", null, nameof(Rules.ReissueNamesOrigin), 2)]
    [InlineData("text", null, nameof(Rules.OriginalFirst), 338)]
    [InlineData("counter", null, nameof(Rules.FoldKeepsReplaced), 41)]
    [InlineData("text", null, nameof(Rules.ReissuesFoldSettledOnly), 231)]
    [InlineData("tree", null, nameof(Rules.DepthBeforeTime), 199)]
    [InlineData("register", null, nameof(Rules.StampsAsWritten), 1)]
    [InlineData("counter", null, nameof(Rules.NothingLeavesUnsynced), 3)]
    [InlineData("counter", null, nameof(Rules.FoldSyncsFirst), 459)]
    [InlineData("text", null, nameof(Rules.TakeInFollowsAcknowledged), 259)]
    [InlineData("text", null, nameof(Rules.NamedFeedsJoin), 67)]
    [InlineData("text", nameof(Act.Restore), nameof(Rules.DroppedTombstonesLeaveTheirOrder), 373)]
    [InlineData("text", nameof(Act.Copy), nameof(Rules.TakesVoidIn), 67)]
    [InlineData("counter", null, nameof(Rules.AcknowledgesWhatIsSetAside), 3)]
    public void Without_a_rule_some_history_fails(string kind, string? onlyFault, string rule, int seed)
    {
        var world = new FleetWorld(Many(kind, onlyFault) with { Rules = Without(rule) });
        var (states, found) = SeededWalk.Explore(world, seed, HuntSeedCount, LengthMax, foundMax: 1);
        Print($"without {rule}: after {states:N0} states: {found.FirstOrDefault()}");
        Assert.NotEmpty(found);
    }

    private const int LengthMax = 70, HuntSeedCount = 400;

    private static Scenario Many(string kind, string? onlyFault)
    {
        var scenario = ScenarioOf(kind) with { Budgets = Budgets(4) };
        foreach (var act in (Act[])[Act.Copy, Act.Restore, Act.Crash, Act.Expel, Act.Reject])
            if (onlyFault is not null && act.ToString() != onlyFault) scenario.Budgets.Remove(act);
        return scenario;
    }

    private static Rules Without(string rule) => rule switch
    {
        nameof(Rules.CompactsSettledOnly) => new() { CompactsSettledOnly = false },
        nameof(Rules.ComparesIds) => new() { ComparesIds = false },
        nameof(Rules.VoidNotExcised) => new() { VoidNotExcised = false },
        nameof(Rules.AcceptanceBinds) => new() { AcceptanceBinds = false },
        nameof(Rules.OutStaysOut) => new() { OutStaysOut = false },
        nameof(Rules.OldWorkKeepsIds) => new() { OldWorkKeepsIds = false },
        nameof(Rules.ReissueNamesReplaced) => new() { ReissueNamesReplaced = false },
        nameof(Rules.ReissueNamesOrigin) => new() { ReissueNamesOrigin = false },
        nameof(Rules.OriginalFirst) => new() { OriginalFirst = false },
        nameof(Rules.FoldKeepsReplaced) => new() { FoldKeepsReplaced = false },
        nameof(Rules.ReissuesFoldSettledOnly) => new() { ReissuesFoldSettledOnly = false },
        nameof(Rules.DepthBeforeTime) => new() { DepthBeforeTime = false },
        nameof(Rules.StampsAsWritten) => new() { StampsAsWritten = false },
        nameof(Rules.NothingLeavesUnsynced) => new() { NothingLeavesUnsynced = false },
        nameof(Rules.FoldSyncsFirst) => new() { FoldSyncsFirst = false },
        nameof(Rules.TakeInFollowsAcknowledged) => new() { TakeInFollowsAcknowledged = false },
        nameof(Rules.NamedFeedsJoin) => new() { NamedFeedsJoin = false },
        nameof(Rules.TakesVoidIn) => new() { TakesVoidIn = false },
        nameof(Rules.AcknowledgesWhatIsSetAside) => new() { AcknowledgesWhatIsSetAside = false },
        nameof(Rules.DroppedTombstonesLeaveTheirOrder) => new() { DroppedTombstonesLeaveTheirOrder = false },
        _ => throw new ArgumentOutOfRangeException(nameof(rule)),
    };
}
