using Edge.Sync.Crdts;
using static Edge.Sync.Tests.Crdts.Types.TestValues;

namespace Edge.Sync.Tests.Crdts.Types;

public sealed class TreeTests
{
    [Fact]
    public void Two_moves_that_would_make_a_cycle_leave_the_earlier()
    {
        var (alice, bob) = Two(out var a, out var b);
        var aIntoB = alice.Move(A(3), a, b, 0).Into(At(5), alice);
        var bIntoA = bob.Move(B(1), b, a, 0).Into(At(6), bob);
        aIntoB.Into(At(5), bob);
        bIntoA.Into(At(6), alice);
        foreach (var tree in new[] { alice, bob })
        {
            Assert.Equal([b], tree.Children(TreeState.Root));
            Assert.Equal([a], tree.Children(b));
            tree.Check();
        }
    }

    [Fact]
    public void Node_moved_to_two_places_at_once_is_in_one()
    {
        var (alice, bob) = Two(out var a, out var b);
        var c = alice.Create(A(3), TreeState.Root, 2, V("c")).Into(alice, bob).Node;
        var intoA = alice.Move(A(4), c, a, 0).Into(At(9), alice);
        var intoB = bob.Move(B(1), c, b, 0).Into(At(8), bob);
        intoA.Into(At(9), bob);
        intoB.Into(At(8), alice);
        Assert.Equal((a, a), (alice.Parent(c), bob.Parent(c)));
        Assert.Empty(bob.Children(b));
    }

    [Fact]
    public void Move_that_had_seen_another_wins_though_its_clock_is_behind()
    {
        var (alice, bob) = Two(out var a, out var b);
        alice.Move(A(3), a, b, 0).Into(At(1_000_000), alice, bob);
        bob.Move(B(1), a, TreeState.Root, 0).Into(At(1), bob, alice);
        Assert.Equal((TreeState.Root, TreeState.Root), (alice.Parent(a), bob.Parent(a)));
    }

    [Fact]
    public void Deleted_folder_takes_what_was_moved_into_it_and_gives_it_back()
    {
        var (alice, bob) = Two(out var folder, out var file);
        var deletion = alice.Delete(A(3), folder).Into(At(5), alice);
        var move = bob.Move(B(1), file, folder, 0).Into(At(4), bob);
        move.Into(At(4), alice);
        deletion.Into(At(5), bob);
        Assert.False(alice.Contains(file));
        Assert.False(bob.Contains(folder));
        alice.Move(A(4), file, TreeState.Root, 0).Into(alice, bob);
        Assert.Equal([file], bob.Children(TreeState.Root));
    }

    [Fact]
    public void Siblings_put_at_one_place_at_once_have_room_between_them()
    {
        var (alice, bob) = Two(out var a, out var b);
        var fromAlice = alice.Create(A(3), TreeState.Root, 1, V("x")).Into(alice);
        var fromBob = bob.Create(B(1), TreeState.Root, 1, V("y")).Into(bob);
        fromAlice.Into(bob);
        fromBob.Into(alice);
        Assert.Equal(alice.Children(TreeState.Root), bob.Children(TreeState.Root));
        var middle = alice.Create(A(4), TreeState.Root, 2, V("between")).Into(alice, bob).Node;
        Assert.Equal(middle, bob.Children(TreeState.Root)[2]);
        Assert.Equal([a, b], [bob.Children(TreeState.Root)[0], bob.Children(TreeState.Root)[4]]);
    }

    [Fact]
    public void Node_is_where_it_was_put_at_any_index()
    {
        var random = new Random(1);
        var (tree, model) = (new TreeState(), new List<Dot>());
        for (ulong counter = 1; counter <= 2_000; counter++)
        {
            var index = counter % 3 == 0 ? random.Next(model.Count + 1) : counter % 3 == 1 ? model.Count : Math.Min(1, model.Count);
            if (model.Count > 5 && random.Next(4) == 0)
            {
                var node = model[random.Next(model.Count)];
                model.Remove(node);
                index = Math.Min(index, model.Count);
                tree.Move(A(counter), node, TreeState.Root, index).Into(tree);
                model.Insert(index, node);
            }
            else
            {
                model.Insert(index, tree.Create(A(counter), TreeState.Root, index, V("n")).Into(tree).Node);
            }
        }
        Assert.Equal(model, tree.Children(TreeState.Root));
        tree.Check();
    }

    [Fact]
    public void Keys_of_nodes_appended_or_put_first_stay_short()
    {
        var (last, first) = (TreePosition.Between(null, null, A(1)), TreePosition.Between(null, null, A(1)));
        for (ulong counter = 2; counter < 100_000; counter++)
        {
            (last, first) = (TreePosition.Between(last, null, A(counter)), TreePosition.Between(null, first, A(counter)));
            Assert.True(last.Length <= 8 && first.Length <= 8);
        }
    }

    [Fact]
    public void Keys_always_lie_between_their_neighbours_until_there_is_no_room_left()
    {
        var (left, right) = (TreePosition.Between(null, null, A(1)), TreePosition.Between(TreePosition.Between(null, null, A(1)), null, A(2)));
        for (ulong counter = 3; ; counter++)
        {
            byte[] key;
            try { key = TreePosition.Between(left, right, A(counter)); }
            catch (InvalidOperationException)
            {
                Assert.True(counter > 30_000);
                return;
            }
            Assert.True(left.AsSpan().SequenceCompareTo(key) < 0 && key.AsSpan().SequenceCompareTo(right) < 0);
            Assert.True(TreePosition.IsValid(key));
            right = key;
        }
    }

    [Fact]
    public void Equal_keys_are_followed_not_refused()
    {
        var key = TreePosition.Between(null, null, A(1));
        Assert.True(TreePosition.Between(key, key, A(2)).AsSpan().SequenceCompareTo(key) > 0);
    }

    [Fact]
    public void Late_moves_are_placed_before_those_that_were_there()
    {
        var (alice, bob) = Two(out var a, out var b);
        var c = alice.Create(A(3), TreeState.Root, 2, V("c")).Into(alice, bob).Node;
        var late = bob.Move(B(1), a, c, 0).Into(At(1), bob);
        for (ulong i = 0; i < 10; i++) alice.Move(A(4 + i), a, i % 2 == 0 ? b : TreeState.Root, 0).Into(At(100 + i), alice);
        late.Into(At(1), alice);
        Assert.Equal(TreeState.Root, alice.Parent(a));
    }

    [Fact]
    public void Too_deep_a_tree_takes_no_more()
    {
        var (tree, parent) = (new TreeState(), TreeState.Root);
        ulong counter = 0;
        for (; counter <= TreeState.DepthMax; counter++)
            parent = tree.Create(A(counter + 1), parent, 0, V("n")).Into(tree).Node;
        var before = tree.Children(parent).Count;
        tree.Create(A(counter + 1), parent, 0, V("n")).Into(tree);
        Assert.Equal(before, tree.Children(parent).Count);
        tree.Check();
    }

    [Fact]
    public void Folded_tree_with_a_cycle_is_refused()
    {
        // depth 1; dots [0, 2]; node 0:1 under 0:2, and 0:2 under 0:1; no moves
        byte[] bytes =
        [
            0x94, 0x01, 0x92, 0x00, 0x02, 0x98,
            0x00, 0x01, 0x92, 0x92, 0x00, 0x02, 0xC4, 0x01, 0x80, 0x90,
            0x00, 0x02, 0x92, 0x92, 0x00, 0x01, 0xC4, 0x01, 0x80, 0x90,
            0x90,
        ];
        Assert.Equal("tree.base", Assert.Throws<EdgeDataException>(() => Laws.Bytes.Read(CrdtKind.Tree, bytes, [Alice])).Field);
    }

    private static (TreeState, TreeState) Two(out Dot a, out Dot b)
    {
        var (alice, bob) = (new TreeState(), new TreeState());
        a = alice.Create(A(1), TreeState.Root, 0, V("a")).Into(alice, bob).Node;
        b = alice.Create(A(2), TreeState.Root, 1, V("b")).Into(alice, bob).Node;
        return (alice, bob);
    }
}
