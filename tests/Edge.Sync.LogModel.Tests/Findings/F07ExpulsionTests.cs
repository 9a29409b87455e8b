using static Edge.Sync.LogModel.Findings.Finding;

namespace Edge.Sync.LogModel.Findings;

/// <summary>F7: late changes of a device whose lease has ended.</summary>
public class F07ExpulsionTests
{
    private static readonly Scenario s_text = F01StabilityTests.Text with
    {
        Authorities = [0],
        Before = [.. F01StabilityTests.Text.Before, Do(Act.Commit, 'A', choice: 1), Do(Act.Send, 'A', 'B'), Do(Act.Acknowledge, 'B'), Do(Act.Send, 'B', 'A'), Do(Act.Acknowledge, 'A')],
        Edits = static editor => editor.Document.VisibleChanges is { Count: > 0 } visible
            ? [new(OperationKind.Insert, visible[^1], editor.Edit, ChangeSet.Empty), .. editor.Slot == 0 ? [new Operation(OperationKind.Delete, visible[^1], editor.Edit, ChangeSet.Empty)] : Array.Empty<Operation>()]
            : [new(OperationKind.Insert, -1, editor.Edit, ChangeSet.Empty)],
    };

    [Fact]
    public void Lease_ends_by_a_record_in_the_log()
    {
        var world = s_text with { Budgets = new() { [Act.Commit] = [0, 0, 1], [Act.Acknowledge] = [1, 1], [Act.Fold] = [1] }, Links = Links("AB BC") };
        Fails(world with { Rules = new() { ExpelByRecord = false }, Budgets = new(world.Budgets) { [Act.Expire] = [1] } }, "");
        Holds(world with { Budgets = new(world.Budgets) { [Act.Expel] = [1] } }, mustFold: true);
    }

    [Fact]
    public void Fold_that_leaves_a_feed_out_waits_until_the_others_followed_the_record()
    {
        var world = s_text with { Budgets = new() { [Act.Commit] = [0, 1, 1], [Act.Acknowledge] = [1, 1], [Act.Fold] = [1], [Act.Expel] = [1] } };
        FailsLazily(world with { Rules = new() { FoldWaitsForRecord = false } }, "cannot be placed");
        HoldsFor(world);
    }

    /// <summary>B wrote beside what C wrote, before it heard that C is out. C wrote beside what A had deleted: A folds, and keeps the tombstone.</summary>
    [Fact]
    public void Settled_is_only_what_the_changes_of_a_feed_that_is_out_follow_too()
    {
        var world = s_text with
        {
            Before = [.. s_text.Before, Do(Act.Commit, 'C'), Do(Act.Send, 'C', 'B'), Do(Act.Commit, 'B')],
            Budgets = new() { [Act.Acknowledge] = [1, 1], [Act.Fold] = [1, 1], [Act.Expel] = [1] },
        };
        Fails(world with { Rules = new() { SettledCountsWhatIsOut = false } }, "cannot be placed");
        Holds(world, mustFold: true);
    }

    /// <summary>C is out beyond its third change; a copy of C has written two in a branch of its own, of which one is known.</summary>
    [Fact]
    public void What_is_out_is_all_that_the_record_does_not_follow()
    {
        var world = s_text with
        {
            Before =
            [
                .. F01StabilityTests.Text.Before, Do(Act.Copy, 'C', 'D'), Do(Act.Commit, 'C'), Do(Act.Commit, 'C'), Do(Act.Commit, 'C'), Do(Act.Send, 'C', 'A'), Do(Act.Commit, 'D'), Do(Act.Send, 'D', 'B'),
                Do(Act.Expel, 'A', 'C'), Do(Act.Commit, 'A', choice: 1), Do(Act.Send, 'A', 'B'), Do(Act.Acknowledge, 'B'), Do(Act.Send, 'B', 'A'), Do(Act.Acknowledge, 'A'), Do(Act.Send, 'A', 'B'),
            ],
            Budgets = new() { [Act.Commit] = [0, 0, 0, 1], [Act.Acknowledge] = [1, 1], [Act.Fold] = [1] },
            Edits = static editor => editor.Document.VisibleChanges is { Count: > 1 } visible
                ? [new(OperationKind.Insert, visible[1], editor.Edit, ChangeSet.Empty), .. editor.Slot == 0 ? [new Operation(OperationKind.Delete, visible[1], editor.Edit, ChangeSet.Empty)] : Array.Empty<Operation>()]
                : [new(OperationKind.Insert, -1, editor.Edit, ChangeSet.Empty)],
            NeverReturning = [2],
            Links = Links("AB BD"),
        };
        Fails(world with { Rules = new() { OutByPast = false } }, "cannot be placed");
        Holds(world, mustFold: true);
    }

    /// <summary>Two that may put each other out, apart: each folds alone what the other never saw.</summary>
    [Fact]
    public void Only_a_senior_puts_a_junior_out()
    {
        var world = new Scenario
        {
            Members = [0, 1],
            Authorities = [0, 1],
            Budgets = new() { [Act.Commit] = [0, 1], [Act.Expel] = [1, 1], [Act.Acknowledge] = [1, 1], [Act.Fold] = [1, 1] },
            NeverReturning = [2],
            Links = Links("AB"),
        };
        Fails(world with { Rules = new() { SeniorsExpelJuniors = false } }, "");
        Holds(world, mustFold: true);
    }
}
