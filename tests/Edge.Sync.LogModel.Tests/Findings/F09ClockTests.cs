using static Edge.Sync.LogModel.Findings.Finding;

namespace Edge.Sync.LogModel.Findings;

/// <summary>F9: orders must extend causality, and clocks are compared as written.</summary>
public class F09ClockTests
{
    /// <summary>B's clock is far behind: what it does after it saw A's move bears an older stamp.</summary>
    [Fact]
    public void Moves_are_ordered_by_depth_before_time()
    {
        var world = new Scenario
        {
            Empty = TreeDocument.Empty,
            WallClocks = [9, 0, 0, 0],
            Edits = static editor => [new(OperationKind.Move, 10 + editor.Slot, 1, ChangeSet.Empty)],
            Members = [0, 1],
            NeverReturning = [2],
            Budgets = new() { [Act.Commit] = [1, 1], [Act.Acknowledge] = [2, 2], [Act.Fold] = [1] },
            Links = Links("AB"),
        };
        Fails(world with { Rules = new() { DepthBeforeTime = false } }, "differ");
        Holds(world, mustFold: true);
    }

    /// <summary>A's clock is years ahead. Whoever caps its stamp by a clock of its own gets a winner of its own; a record in the log caps it for all.</summary>
    [Fact]
    public void Stamps_are_compared_as_written_and_capped_by_records_only()
    {
        var world = new Scenario
        {
            Empty = RegisterDocument.Empty,
            WallClocks = [90, 0, 9, 0],
            Edits = static editor => [new(OperationKind.Write, -1, editor.Edit, ChangeSet.Of(editor.Document.VisibleChanges))],
            Budgets = new() { [Act.Commit] = [1, 1, 1], [Act.CapClock] = [0, 1] },
        };
        Fails(world with { Rules = new() { StampsAsWritten = false } }, "differ");
        Holds(world);
    }

    /// <summary>Two concurrent values, accepted by B, folded by A; then B caps A's clock: who has folded cannot have another winner.</summary>
    [Fact]
    public void Acceptance_binds_for_caps_too()
    {
        var world = new Scenario
        {
            Empty = RegisterDocument.Empty,
            Members = [0, 1],
            NeverReturning = [2],
            WallClocks = [9, 0, 0, 0],
            Edits = static editor => [new(OperationKind.Write, -1, editor.Edit, ChangeSet.Of(editor.Document.VisibleChanges))],
            Budgets = new() { [Act.Commit] = [1, 1], [Act.Acknowledge] = [1, 1], [Act.CapClock] = [0, 1], [Act.Fold] = [1, 1] },
            Links = Links("AB"),
        };
        Fails(world with { Rules = new() { AcceptanceBindsCaps = false } }, "different states");
        Holds(world, mustFold: true);
    }
}
