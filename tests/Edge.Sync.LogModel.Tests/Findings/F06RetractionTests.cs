using static Edge.Sync.LogModel.Findings.Finding;

namespace Edge.Sync.LogModel.Findings;

/// <summary>F6: what happens to those who built on what was retracted.</summary>
public class F06RetractionTests
{
    private static readonly Scenario s_text = new()
    {
        Empty = TextDocument.Empty,
        Authorities = [0],
        Edits = static editor => [new(OperationKind.Insert, editor.Document.VisibleChanges.Count == 0 ? -1 : editor.Document.VisibleChanges[^1], editor.Edit, ChangeSet.Empty)],
        Budgets = new() { [Act.Commit] = [0, 2, 1], [Act.Reject] = [1] },
    };

    [Fact]
    public void Void_changes_stay_in_the_graph()
    {
        Fails(s_text with { Rules = new() { VoidNotExcised = false } }, "cannot be placed");
        Holds(s_text);
    }

    /// <summary>x, then y in its place, then z in the place of y: without y, z is not in conflict with x.</summary>
    [Fact]
    public void Removal_stands_through_a_void_remover_that_was_removed_in_turn()
    {
        var world = new Scenario
        {
            Empty = RegisterDocument.Empty,
            Authorities = [0],
            Edits = static editor => [new(OperationKind.Write, -1, editor.Edit, ChangeSet.Of(editor.Document.VisibleChanges))],
            Before = [Do(Act.Commit, 'A'), Do(Act.Send, 'A', 'B'), Do(Act.Send, 'A', 'C')],
            Budgets = new() { [Act.Commit] = [0, 1, 1], [Act.Reject] = [1] },
            Property = NoConflictWithWhatWasReplaced,
        };
        Fails(world with { Rules = new() { RemovalsStandThroughVoid = false } }, "replaced");
        Holds(world);
    }

    /// <summary>Something is folded, then refused: who folded it cannot undo it, who did not can.</summary>
    [Fact]
    public void Acknowledging_is_accepting_for_whoever_may_refuse()
    {
        var world = s_text with
        {
            Before = [Do(Act.Commit, 'B'), Do(Act.Send, 'B', 'A'), Do(Act.Send, 'B', 'C'), Do(Act.Acknowledge, 'C'), Do(Act.Acknowledge, 'B')],
            Budgets = new() { [Act.Acknowledge] = [1], [Act.Reject] = [1], [Act.Fold] = [0, 1] },
        };
        Fails(world with { Rules = new() { AcceptanceBinds = false } }, "different states");
        Holds(world, mustFold: true);
    }

    /// <summary>Two that may reject: one rejects and folds, the other, who has not accepted the rejection, takes it back.</summary>
    [Fact]
    public void Fold_ends_before_whatever_a_record_outside_of_it_speaks_of()
    {
        var world = s_text with
        {
            Members = [0, 1],
            NeverReturning = [2],
            Authorities = [0, 1],
            Before = [Do(Act.Commit, 'B'), Do(Act.Acknowledge, 'B'), Do(Act.Send, 'B', 'A')],
            Budgets = new() { [Act.Commit] = [1], [Act.Acknowledge] = [1, 1], [Act.Reject] = [1], [Act.TakeBack] = [0, 1], [Act.Fold] = [1, 1] },
            Links = Links("AB"),
        };
        Fails(world with { Rules = new() { FoldsNothingInDispute = false } }, "different states");
        Holds(world, mustFold: true);
    }

    private static string? NoConflictWithWhatWasReplaced(FleetWorld world, Fleet fleet)
    {
        for (var slot = 0; slot < 3; slot++)
        {
            var values = world.DocumentOf(fleet.Files[slot]!, slot).VisibleChanges;
            foreach (var a in values)
                foreach (var b in values)
                    if (world.Universe[b].Follows(a)) return $"{world.Universe[a]} is in conflict with {world.Universe[b]}, which replaced it";
        }
        return null;
    }
}
