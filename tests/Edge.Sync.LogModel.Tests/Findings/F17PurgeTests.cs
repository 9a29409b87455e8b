using static Edge.Sync.LogModel.Findings.Finding;

namespace Edge.Sync.LogModel.Findings;

/// <summary>F17: a purge erases a document, whatever the order of its edits, the purge, folds, and what puts its author out.</summary>
public class F17PurgeTests
{
    private static readonly Scenario s_pair = new()
    {
        Empty = new PairDocument(CounterDocument.Empty, CounterDocument.Empty),
        Members = [0, 1],
        NeverReturning = [2],
        Edits = static editor => [new(OperationKind.Add, -1, editor.Edit, ChangeSet.Empty) { Document = 1 }],
        Links = Links("AB"),
    };

    /// <summary>What is folded has no sections any more, but it still has documents.</summary>
    [Fact]
    public void Purge_names_a_document_and_so_reaches_below_a_fold()
    {
        var world = s_pair with { Budgets = new() { [Act.Commit] = [1, 1], [Act.Acknowledge] = [2, 1], [Act.Fold] = [1, 1], [Act.Purge] = [0, 1] } };
        Fails(world with { Rules = new() { PurgeNamesDocument = false } }, "different states");
        Holds(world, mustFold: true);
    }

    /// <summary>B erases, and is put out by who has not heard of that: where the record came first the bytes are gone.</summary>
    [Fact]
    public void Erasure_stands_even_where_its_change_is_void()
    {
        var world = s_pair with
        {
            Authorities = [0],
            Members = [0, 1, 2],
            NeverReturning = [],
            Before = [Do(Act.Commit, 'A'), Do(Act.Send, 'A', 'B'), Do(Act.Send, 'A', 'C')],
            Budgets = new() { [Act.Commit] = [0, 0, 1], [Act.Purge] = [0, 1], [Act.Expel] = [1], [Act.Acknowledge] = [1] },
            Links = Links("AB BC AC"),
        };
        Fails(world with { Rules = new() { ErasuresStand = false } }, "different states");
        Holds(world);
    }

    [Fact]
    public void Bytes_leave_the_medium_only_once_the_record_is_on_it()
    {
        var world = s_pair with { Budgets = new() { [Act.Commit] = [1, 1], [Act.Crash] = [1, 1], [Act.Purge] = [1, 1] } };
        Fails(world with { Rules = new() { ErasesSyncedOnly = false } }, "different states");
        Holds(world);
    }
}
