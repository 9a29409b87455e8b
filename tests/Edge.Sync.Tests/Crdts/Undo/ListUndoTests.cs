using Edge.Sync.Crdts;
using Edge.Sync.Crdts.Undo;
using Edge.Sync.Tests.Crdts.Laws;
using Edge.Sync.Tests.Crdts.Subjects;
using static Edge.Sync.Tests.Crdts.Types.TestValues;

namespace Edge.Sync.Tests.Crdts.Undo;

/// <summary>What Alice takes back in a list while Bob edits it, and what of his stays.</summary>
public sealed class ListUndoTests
{
    private readonly UndoingReplica _alice = new(new ListSubject(), Alice);
    private readonly UndoingReplica _bob = new(new ListSubject(), Bob);
    private ulong _time;

    [Fact]
    public void Insertion_goes_wherever_its_elements_are_by_then_and_comes_back_there()
    {
        Start("a b");
        Edit(_alice, (list, dot) => list.Insert(dot, 1, V("x"), V("y")));
        Exchange();
        Edit(_bob, (list, dot) => list.Move(dot, 1, 1, 3));
        Edit(_bob, (list, dot) => list.Insert(dot, 2, V("bob")));
        Exchange();
        Expect("a y bob b x");

        Undo("a bob b");
        Redo("a y bob b x");
        Assert.Empty(_alice.Obstacles);
    }

    [Fact]
    public void Insertion_of_which_somebody_has_deleted_some_leaves_nothing_to_refuse()
    {
        Start("a b");
        Edit(_alice, (list, dot) => list.Insert(dot, 1, V("x"), V("y")));
        Exchange();
        Edit(_bob, (list, dot) => list.Delete(dot, 1, 1));
        Exchange();
        Undo("a b");
        Redo("a y b");
        Assert.Empty(_alice.Obstacles);
    }

    [Fact]
    public void Deletion_comes_back_between_its_neighbors_with_the_values_that_it_showed()
    {
        Start("a b c d");
        Edit(_bob, (list, dot) => list.Set(dot, 1, V("B")));
        Exchange();
        Edit(_alice, (list, dot) => list.Delete(dot, 1, 2));
        Exchange();
        Edit(_bob, (list, dot) => list.Insert(dot, 0, V("bob")));
        Edit(_bob, (list, dot) => list.Move(dot, 1, 1, 2));
        Exchange();
        Expect("bob d a");

        // Bob has moved the neighbors past each other: the old place says where.
        Undo("bob B c d a");
        Redo("bob d a");
        Assert.Empty(_alice.Obstacles);
    }

    [Fact]
    public void Element_that_a_concurrent_edit_kept_alive_does_not_come_twice()
    {
        Start("a b c");
        Edit(_alice, (list, dot) => list.Delete(dot, 1, 2));
        Edit(_bob, (list, dot) => list.Set(dot, 1, V("bob")));
        Exchange();
        Expect("a bob");
        Undo("a bob c");
    }

    [Fact]
    public void Element_that_was_deleted_twice_comes_back_once()
    {
        Start("a b c");
        Edit(_alice, (list, dot) => list.Delete(dot, 1, 1));
        Edit(_bob, (list, dot) => list.Set(dot, 1, V("bob")));
        Exchange();
        Edit(_alice, (list, dot) => list.Delete(dot, 1, 1));
        Undo("a bob c");
        Undo("a bob c");
    }

    [Fact]
    public void Value_goes_back_while_it_is_the_one_shown()
    {
        Start("a b");
        Edit(_alice, (list, dot) => list.Set(dot, 0, V("A")));
        Edit(_alice, (list, dot) => list.Set(dot, 1, V("B")));
        Exchange();
        Edit(_bob, (list, dot) => list.Move(dot, 1, 1, 0));
        Edit(_bob, (list, dot) => list.Set(dot, 1, V("bob")));
        Exchange();
        Expect("B bob");

        Undo("b bob");
        Assert.Empty(_alice.Obstacles);
        Undo("b bob");
        Assert.Equal([UndoObstacleReason.Overwritten], _alice.Obstacles);
    }

    [Fact]
    public void Value_that_won_gives_way_to_the_one_that_had_lost()
    {
        Start("a");
        Edit(_bob, (list, dot) => list.Set(dot, 0, V("bob")));
        Edit(_alice, (list, dot) => list.Set(dot, 0, V("alice")));
        Exchange();
        Expect("alice");
        Undo("bob");
        Redo("alice");
    }

    [Fact]
    public void Value_of_an_element_that_somebody_has_deleted_stays_away()
    {
        Start("a b");
        Edit(_alice, (list, dot) => list.Set(dot, 0, V("A")));
        Exchange();
        Edit(_bob, (list, dot) => list.Delete(dot, 0, 1));
        Exchange();
        Undo("b");
        Assert.Equal([UndoObstacleReason.Removed], _alice.Obstacles);
    }

    [Fact]
    public void Move_goes_back_to_its_old_neighbor_wherever_that_is()
    {
        Start("a b c d");
        Edit(_alice, (list, dot) => list.Move(dot, 1, 2, 2));
        Exchange();
        Expect("a d b c");
        Edit(_bob, (list, dot) => list.Insert(dot, 1, V("bob")));
        Edit(_bob, (list, dot) => list.Insert(dot, 5, V("end")));
        Exchange();
        Expect("a bob d b c end");
        Undo("a b c bob d end", "a bob b c d end");
        Redo("a bob d b c end");
        Assert.Empty(_alice.Obstacles);
    }

    [Fact]
    public void Move_that_another_move_stands_behind_is_left_and_the_others_go_back()
    {
        Start("a b c d");
        Edit(_alice, (list, dot) => list.Move(dot, 0, 2, 2));
        Exchange();
        Expect("c d a b");
        Edit(_bob, (list, dot) => list.Move(dot, 2, 1, 1));
        Exchange();
        Expect("c a d b");
        Undo("b c a d");
        Assert.Equal([UndoObstacleReason.Overwritten], _alice.Obstacles);
    }

    /// <summary>An element that came back under a new name is the one that older steps have set and moved.</summary>
    [Fact]
    public void Older_steps_find_what_they_set_and_moved_after_it_was_deleted_and_came_back()
    {
        Start("a b c");
        Edit(_alice, (list, dot) => list.Set(dot, 0, V("A")));
        Edit(_alice, (list, dot) => list.Move(dot, 0, 1, 2));
        Edit(_alice, (list, dot) => list.Delete(dot, 2, 1));
        Exchange();
        for (var turns = 0; turns < 3; turns++)
        {
            Undo("b c A");
            Undo("A b c");
            Undo("a b c");
            Redo("A b c");
            Redo("b c A");
            Redo("b c");
        }
        Assert.Empty(_alice.Obstacles);
    }

    /// <summary>Peers may have forgotten what was deleted: an undo never names it.</summary>
    [Fact]
    public void Deletion_that_a_peer_has_compacted_comes_back_there_too()
    {
        Start("a b c");
        Edit(_alice, (list, dot) => list.Delete(dot, 1, 1));
        Exchange();
        ((ListState)_bob.State).Compact(_bob.Replica.Version);
        Undo("a b c");
    }

    private void Start(string values)
    {
        Edit(_bob, (list, dot) => list.Insert(dot, 0, [.. values.Split(' ').Select(static v => V(v))]));
        Exchange();
        Expect(values);
    }

    private void Edit(UndoingReplica replica, Func<ListState, Dot, Delta> edit) => Assert.True(replica.Edit((state, dot) => edit((ListState)state, dot), At(++_time)));

    private void Undo(params string[] expected)
    {
        _alice.Undo(At(++_time));
        Exchange();
        Expect(expected);
    }

    private void Redo(string expected)
    {
        _alice.Redo(At(++_time));
        Exchange();
        Expect(expected);
    }

    private void Exchange()
    {
        foreach (var (from, to) in ((UndoingReplica, UndoingReplica)[])[(_alice, _bob), (_bob, _alice)])
            foreach (var operation in from.Written) to.Replica.Receive(operation);
    }

    private void Expect(params string[] expected)
    {
        foreach (var replica in (UndoingReplica[])[_alice, _bob])
        {
            replica.State.Check();
            Assert.Contains(string.Join(" ", ((ListState)replica.State).ToArray().Select(Text)), expected);
        }
    }
}
