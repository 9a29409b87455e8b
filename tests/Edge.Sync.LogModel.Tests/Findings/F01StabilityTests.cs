using static Edge.Sync.LogModel.Findings.Finding;

namespace Edge.Sync.LogModel.Findings;

/// <summary>F1: held by everybody is not causally stable.</summary>
public class F01StabilityTests
{
    /// <summary>A text of two characters that all hold; somebody may insert behind the second, somebody may delete it.</summary>
    internal static Scenario Text { get; } = new()
    {
        Empty = TextDocument.Empty,
        Edits = static editor => editor.Document.VisibleChanges is { Count: >= 2 } visible
            ? [new(OperationKind.Insert, visible[1], editor.Edit, ChangeSet.Empty), new(OperationKind.Delete, visible[1], editor.Edit, ChangeSet.Empty)]
            : [new(OperationKind.Insert, editor.Document.VisibleChanges.Count == 0 ? -1 : editor.Document.VisibleChanges[^1], editor.Edit, ChangeSet.Empty)],
        Before = [Do(Act.Commit, 'A'), Do(Act.Commit, 'A'), Do(Act.Send, 'A', 'B'), Do(Act.Send, 'A', 'C')],
    };

    private static readonly Scenario s_sayings = Text with { Budgets = new() { [Act.Commit] = [1, 0, 1], [Act.Say] = [0, 1, 1], [Act.Fold] = [1, 0, 0] } };

    [Fact]
    public void Stability_counts_an_acknowledgement_only_where_its_givers_feed_is_held_that_far()
    {
        Fails(s_sayings with { Rules = new() { Stability = StabilityRule.HeldByAll } }, "cannot be placed");
        Holds(s_sayings with { Rules = new() { Stability = StabilityRule.OwnCounter } }, mustFold: true);
    }

    /// <summary>What is stable may be concurrent to a change that is held but not stable yet.</summary>
    [Fact]
    public void Fold_keeps_tombstones_until_all_that_is_left_follows_their_deletion()
    {
        Fails(s_sayings with { Rules = new() { Stability = StabilityRule.OwnCounter, CompactsSettledOnly = false } }, "cannot be placed");
        Holds(s_sayings with { Rules = new() { Stability = StabilityRule.OwnCounter } }, mustFold: true);
    }

    /// <summary>A copy of a member's file, made before the member acknowledged, writes at the very counter that the acknowledgement names: no dot has two ids, and no rule was broken.</summary>
    [Fact]
    public void Stability_of_a_cloned_member_needs_acknowledgements_in_the_log_followed_by_all()
    {
        var world = Text with
        {
            Before = [.. Text.Before, Do(Act.Copy, 'C', 'D'), Do(Act.Commit, 'A', choice: 1), Do(Act.Send, 'A', 'B'), Do(Act.Send, 'A', 'C')],
            Budgets = new() { [Act.Commit] = [0, 0, 0, 1], [Act.Say] = [0, 1, 1], [Act.Fold] = [1, 0, 0] },
        };
        Fails(world with { Rules = new() { Stability = StabilityRule.OwnCounter } }, "");

        var inLog = world with
        {
            Before = [.. world.Before, Do(Act.Acknowledge, 'C'), Do(Act.Send, 'C', 'A'), Do(Act.Acknowledge, 'B'), Do(Act.Send, 'B', 'A')],
            Budgets = new() { [Act.Commit] = [0, 0, 0, 1], [Act.Acknowledge] = [1, 1, 0], [Act.Fold] = [1, 0, 0] },
            Links = Links("AB BC BD"),
        };
        Fails(inLog with { Rules = new() { CompactsSettledOnly = false } }, "cannot be placed");
        Holds(inLog, mustFold: true);
    }
}
