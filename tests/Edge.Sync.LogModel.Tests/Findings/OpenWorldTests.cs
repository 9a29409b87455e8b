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

    internal static Dictionary<Act, byte[]> Budgets(int each)
    {
        var n = (byte)each;
        return new()
        {
            [Act.Commit] = [n, n, n, n], [Act.Acknowledge] = [n, n, n, n], [Act.Fold] = [1, 1, 1, 1], [Act.Crash] = [1, 1, 1, 1], [Act.Expel] = [1], [Act.Reject] = [1],
            [Act.Copy] = [0, 1, 1], [Act.Backup] = [0, 0, 1], [Act.Restore] = [0, 0, 1], [Act.Adopt] = [1, 1, 1, 1], [Act.CapClock] = [0, 1],
        };
    }

    internal static Scenario ScenarioOf(string kind) => kind switch
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

    [Theory]
    [InlineData(nameof(Act.Copy))]
    [InlineData(nameof(Act.Restore))]
    [InlineData(nameof(Act.Crash))]
    [InlineData(nameof(Act.Expel))]
    [InlineData(nameof(Act.Reject))]
    public void One_fault(string kind)
    {
        var fault = Enum.Parse<Act>(kind);
        var scenario = ScenarioOf("text") with { Budgets = Budgets(4) };
        foreach (var act in (Act[])[Act.Copy, Act.Restore, Act.Crash, Act.Expel, Act.Reject])
            if (act != fault) scenario.Budgets.Remove(act);
        var world = new FleetWorld(scenario);
        var (actions, found) = SeededWalk.Explore(world, 1, Bounds.SeedCount, 70);
        Print($"{fault}: {Bounds.SeedCount} histories, {actions:N0} actions, {world.FoldCount:N0} folds");
        foreach (var g in found.GroupBy(static f => string.Join(':', f.Violation.Split(':').Take(2)))) Print($"{g.Count()} × {g.Key}  shortest {g.Min(static x => x.Actions.Count)}");
        Assert.True(found.Count == 0, found.OrderBy(static f => f.Violation.StartsWith("stuck", StringComparison.Ordinal)).ThenBy(static f => f.Actions.Count).FirstOrDefault()?.ToString());
    }

    [Theory]
    [InlineData("counter")]
    [InlineData("text")]
    [InlineData("register")]
    [InlineData("set")]
    [InlineData("tree")]
    public void Invariants_hold_in_long_random_histories(string kind)
    {
        var scenario = ScenarioOf(kind) with { Budgets = Budgets(4) };
        var world = new FleetWorld(scenario);
        var (actions, found) = SeededWalk.Explore(world, 1, Bounds.SeedCount, 70);
        Print($"{kind}: {Bounds.SeedCount} histories, {actions:N0} actions, {world.FoldCount:N0} folds");
        foreach (var g in found.GroupBy(static f => string.Join(':', f.Violation.Split(':').Take(2)))) Print($"{g.Count()} × {g.Key}  shortest {g.Min(static x => x.Actions.Count)}");
        Assert.True(found.Count == 0, found.OrderBy(static f => f.Violation.StartsWith("stuck", StringComparison.Ordinal)).ThenBy(static f => f.Actions.Count).FirstOrDefault()?.ToString());
    }
}
