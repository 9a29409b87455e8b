using static Edge.Sync.LogModel.Findings.Finding;

namespace Edge.Sync.LogModel.Findings;

/// <summary>F11: what a text edit refers to must still be there where the text was folded.</summary>
public class F11SequenceTests
{
    [Fact]
    public void Delta_refers_only_to_characters_that_its_author_sees()
    {
        var world = new Scenario
        {
            Empty = TextDocument.Empty,
            Before =
            [
                Do(Act.Commit, 'A'), Do(Act.Commit, 'A'), Do(Act.Send, 'A', 'B'), Do(Act.Commit, 'B', choice: 1), Do(Act.Acknowledge, 'B'), Do(Act.Send, 'B', 'A'), Do(Act.Send, 'B', 'C'),
                Do(Act.Acknowledge, 'A'), Do(Act.Acknowledge, 'C'), Do(Act.Send, 'A', 'B'), Do(Act.Send, 'C', 'B'), Do(Act.Send, 'B', 'A'), Do(Act.Send, 'B', 'C'),
            ],
            Budgets = new() { [Act.Commit] = [0, 0, 1], [Act.Acknowledge] = [1, 1, 1], [Act.Fold] = [1] },
            Links = Links("AB BC"),
            Edits = static editor =>
            {
                var visible = editor.Document.VisibleChanges;
                var operations = new List<Operation> { new(OperationKind.Insert, visible.Count == 0 ? -1 : visible[^1], editor.Edit, ChangeSet.Empty) };
                if (visible.Count > 1) operations.Add(new(OperationKind.Delete, visible[^1], 0, ChangeSet.Empty));
                return operations;
            },
        };
        var hidden = world with
        {
            Edits = editor => editor.Document.HiddenChanges is [var tombstone, ..] ? [new(OperationKind.Insert, tombstone, editor.Edit, ChangeSet.Empty)] : world.Edits(editor),
        };
        Fails(hidden with { Rules = new() { RefersToVisibleOnly = false } }, "cannot be placed");
        Holds(world, mustFold: true);
    }
}
