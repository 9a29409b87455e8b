using Edge.Sync.Crdts;
using Edge.Sync.Tests.Crdts.Laws;
using Edge.Sync.Tests.Crdts.Subjects;
using static Edge.Sync.Tests.Crdts.Types.TestValues;

namespace Edge.Sync.Tests.Crdts.Sequences;

public sealed class ListTests
{
    [Fact]
    public void Values_are_inserted_set_moved_and_deleted()
    {
        var list = new ListState();
        list.Insert(A(1), 0, V("a"), V("b"), V("c"), V("d")).Into(list);
        list.Insert(A(5), 2, V("x")).Into(list);
        list.Set(A(6), 0, V("A")).Into(list);
        Assert.Equal("A b x c d", Read(list));
        list.Move(A(7), 0, 2, 3).Into(list);
        Assert.Equal("x c d A b", Read(list));
        list.Move(A(9), 4, 1, 0).Into(list);
        Assert.Equal("b x c d A", Read(list));
        list.Delete(A(10), 1, 3).Into(list);
        Assert.Equal("b A", Read(list));
        list.Check();
        Assert.Equal((A(2), A(1)), (list.ElementAt(0), list.ElementAt(1)));
    }

    [Fact]
    public void Move_to_where_the_elements_are_changes_nothing_to_be_seen()
    {
        var list = new ListState();
        list.Insert(A(1), 0, V("a"), V("b"), V("c")).Into(list);
        for (var (index, counter) = (0, 4UL); index < 3; index++, counter++) list.Move(A(counter), index, 1, index).Into(list);
        Assert.Equal("a b c", Read(list));
        list.Move(A(7), 0, 3, 0).Into(list);
        Assert.Equal("a b c", Read(list));
        list.Check();
    }

    [Fact]
    public void Two_moves_of_one_element_leave_it_once()
    {
        var (alice, bob) = (new ListState(), new ListState());
        alice.Insert(A(1), 0, V("a"), V("b"), V("c")).Into(alice, bob);
        var toEnd = alice.Move(A(4), 0, 1, 2).Into(At(1), alice);
        var toMiddle = bob.Move(B(1), 0, 1, 1).Into(At(2), bob);
        toEnd.Into(At(1), bob);
        toMiddle.Into(At(2), alice);
        Assert.Equal("b a c", Read(alice));
        Assert.Equal(Bytes.Canonical(alice), Bytes.Canonical(bob));
        // Who has seen a move stands behind it, whatever the clock says.
        bob.Move(B(2), 1, 1, 2).Into(At(0), alice, bob);
        Assert.Equal("b c a", Read(alice));
    }

    [Fact]
    public void Two_sets_of_one_element_show_the_later_and_keep_both()
    {
        var (alice, bob) = (new ListState(), new ListState());
        alice.Insert(A(1), 0, V("milk")).Into(alice, bob);
        var oat = alice.Set(A(2), 0, V("oat milk")).Into(At(7), alice);
        var soy = bob.Set(B(1), 0, V("soy milk")).Into(At(8), bob);
        oat.Into(At(7), bob);
        soy.Into(At(8), alice);
        Assert.Equal("soy milk", Read(alice));
        Assert.Equal(["oat milk", "soy milk"], alice.Values(0).Select(v => Text(v.Value)));
        Assert.Equal(Bytes.Canonical(alice), Bytes.Canonical(bob));
        alice.Set(A(3), 0, V("tea")).Into(At(1), alice);
        Assert.Single(alice.Values(0));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Edit_that_a_deletion_had_not_seen_revives_the_element(bool isMove)
    {
        var (alice, bob) = (new ListState(), new ListState());
        alice.Insert(A(1), 0, V("a"), V("b")).Into(alice, bob);
        var deletion = alice.Delete(A(3), 0, 2).Into(alice);
        Delta edit = isMove ? bob.Move(B(1), 0, 1, 1) : bob.Set(B(1), 0, V("new"));
        edit.Into(bob, alice);
        deletion.Into(bob);
        Assert.Equal(isMove ? "a" : "new", Read(alice));
        Assert.Equal(Bytes.Canonical(alice), Bytes.Canonical(bob));
        // Whoever has seen the edit deletes it for good.
        alice.Delete(A(4), 0, 1).Into(alice, bob);
        Assert.Equal((0, 0), (alice.Count, bob.Count));
    }

    [Fact]
    public void Runs_inserted_at_one_place_stand_one_after_the_other()
    {
        var (alice, bob) = (new ListState(), new ListState());
        alice.Insert(A(1), 0, V("x"), V("y")).Into(alice, bob);
        var mine = new[] { alice.Insert(A(3), 1, V("a1"), V("a2")).Into(alice), alice.Insert(A(5), 3, V("a3")).Into(alice) };
        var theirs = bob.Insert(B(1), 1, V("b1"), V("b2")).Into(bob);
        theirs.Into(alice);
        foreach (var delta in mine) delta.Into(bob);
        Assert.Equal(Read(alice), Read(bob));
        Assert.Contains(Read(alice), new[] { "x a1 a2 a3 b1 b2 y", "x b1 b2 a1 a2 a3 y" });
    }

    [Fact]
    public void Compaction_forgets_the_deleted_and_the_places_that_were_left()
    {
        var list = new ListState();
        ulong counter = 1;
        for (var i = 0; i < 100; i++) list.Insert(A(counter++), i, V(i)).Into(list);
        for (var i = 0; i < 300; i++) list.Move(A(counter++), i * 7 % 100, 1, i * 13 % 100).Into(list);
        list.Delete(A(counter++), 0, 90).Into(list);
        var (before, values) = (Bytes.Of(list, out _).Length, list.ToArray());
        list.Compact(Upto(A(counter - 1)));
        list.Check();
        Assert.Equal(values, list.ToArray());
        Assert.InRange(Bytes.Of(list, out _).Length, 1, before / 8);
        list.Delete(A(counter++), 0, 10).Into(list);
        list.Compact(Upto(A(counter - 2)));
        Assert.False(list.IsEmpty);
        list.Compact(Upto(A(counter)));
        Assert.True(list.IsEmpty);
    }

    [Fact]
    public void Compaction_before_a_move_is_stable_keeps_the_place_that_it_left()
    {
        var (alice, bob) = (new ListState(), new ListState());
        alice.Insert(A(1), 0, V("a"), V("b")).Into(alice, bob);
        var move = alice.Move(A(3), 0, 1, 1).Into(alice);
        alice.Compact(Upto(A(2)));
        var insertion = bob.Insert(B(1), 1, V("x")).Into(bob);
        insertion.Into(alice);
        move.Into(bob);
        bob.Compact(Upto(A(2)));
        Assert.Equal("x b a", Read(alice));
        Assert.Equal(Bytes.Canonical(alice), Bytes.Canonical(bob));
    }

    [Fact]
    public void What_is_not_there_is_refused_and_changes_nothing()
    {
        var list = new ListState();
        list.Insert(A(1), 0, V("a"), V("b")).Into(list);
        list.Move(A(3), 0, 1, 1).Into(list);
        var before = Bytes.Canonical(list);
        foreach (var delta in new[]
        {
            ListDelta.Insert(B(1), A(9), false, [V("x")]),
            ListDelta.Insert(A(3), A(1), false, [V("x"), V("y")]),
            ListDelta.Move(B(1), A(1), false, [new(A(1), 1), new(A(3), 1)]), // a place is no element
            ListDelta.Move(B(1), C(1), false, [new(A(1), 1)]),
            ListDelta.Set(B(1), A(3), V("x"), [A(3)]),
            ListDelta.Delete(B(1), [new(A(1), 0), new(A(3), 0)], []),
            ListDelta.Delete(B(1), [new(A(1), 0)], [new(C(1), [C(1)])]),
        })
        {
            var error = Assert.Throws<EdgeDataException>(() => list.Join(delta, default));
            Assert.StartsWith("list.", error.Field, StringComparison.Ordinal);
            Assert.Equal(before, Bytes.Canonical(list));
        }
        Assert.Throws<ArgumentOutOfRangeException>(() => list.Insert(A(4), 3, V("x")));
        Assert.Throws<ArgumentOutOfRangeException>(() => list.Move(A(4), 0, 1, 2));
        Assert.Throws<ArgumentOutOfRangeException>(() => list.Set(A(4), 2, V("x")));
        Assert.Throws<ArgumentOutOfRangeException>(() => list.Delete(A(4), 1, 2));
        Assert.Throws<ArgumentOutOfRangeException>(() => list[2]);
        Assert.Throws<ArgumentException>(() => list.Insert(A(4), 0));
    }

    [Fact]
    public void Long_histories_give_the_defined_value_on_every_replica()
    {
        var subject = new ListSubject();
        for (var seed = 0; seed < 12; seed++)
        {
            var history = new Laws.History(subject, seed, 2 + (seed % 4), editShare: 0.3 + (seed % 3 * 0.2));
            for (var i = 0; i < 350; i++)
                if (history.Step() is { } replica && i % 10 == 0) replica.State.Check();
            history.DeliverAll();
            var bytes = Bytes.Canonical(history.Replicas[0].State);
            foreach (var replica in history.Replicas)
            {
                replica.State.Check();
                Assert.True(history.Expected(replica) == subject.Read(replica.State), $"Seed {seed} reads otherwise than the definition.");
                Assert.True(bytes == Bytes.Canonical(replica.State), $"Seed {seed} gives other bytes.");
            }
        }
    }

    [Fact]
    public void Few_bytes_that_claim_millions_of_places_cost_little_memory()
    {
        // One replica with 16,000,000 places in one run where nothing is.
        byte[] bytes = [0x95, 0x91, 0x00, 0xC4, 0x0E, 0x01, 0x80, 0xC8, 0xD0, 0x07, 0x01, 0x01, 0x01, 0xFD, 0xD7, 0xF0, 0x16, 0x02, 0x00, 0x90, 0xC4, 0x00, 0x90];
        var before = GC.GetAllocatedBytesForCurrentThread();
        try { Bytes.Read(CrdtKind.List, bytes, [Alice]); }
        catch (EdgeDataException) { }
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1_000_000);
    }

    [Fact]
    public void Mutated_fragments_are_refused_or_joined_and_never_break_the_state()
    {
        var (subject, random, refused, joined) = (new ListSubject(), new Random(5), 0, 0);
        for (var seed = 0; seed < 40; seed++)
        {
            var history = new Laws.History(subject, seed, 3);
            for (var i = 0; i < 60; i++) history.Step();
            var (mine, peer) = (history.Replicas[0], history.Replicas[1]);
            var fragment = (ListFragment)((ListState)peer.State).Unseen(mine.Version, []);
            var before = Bytes.Of(mine.State, out var named);
            var table = new ReplicaTable();
            fragment.CollectReplicas(table);
            table.Sort();
            var output = new System.Buffers.ArrayBufferWriter<byte>();
            var writer = new WireWriter(output, table);
            fragment.Write(ref writer);
            writer.Flush();
            for (var i = 0; i < 150; i++)
            {
                var bytes = output.WrittenSpan.ToArray();
                for (var n = random.Next(1, 4); n > 0; n--) bytes[random.Next(bytes.Length)] = (byte)random.Next(random.Next(2) == 0 ? 6 : 256);
                var victim = (ListState)Bytes.Read(CrdtKind.List, before, named);
                try
                {
                    var reader = new WireReader(bytes, [.. table.Replicas]);
                    victim.Join(ListFragment.Read(ref reader), new(new()), new(new()));
                    joined++;
                }
                catch (EdgeDataException)
                {
                    Assert.Equal(Convert.ToHexString(before), Convert.ToHexString(Bytes.Of(victim, out _)));
                    refused++;
                }
                victim.Check();
                Assert.Equal(Bytes.Canonical(victim), Bytes.Canonical(Bytes.Copy(victim)));
            }
        }
        Assert.True(refused > 0 && joined > 0);
    }

    [Fact]
    public void Deletion_of_a_life_that_is_not_there_leaves_the_element_as_it_was()
    {
        var list = new ListState();
        list.Insert(A(1), 0, V("a")).Into(list);
        var before = Bytes.Canonical(list);
        ListDelta.Delete(B(1), [], [new(A(1), [C(9)])]).Into(list);
        list.Check();
        Assert.Equal(before, Bytes.Canonical(list));
        Assert.Equal(before, Bytes.Canonical(Bytes.Copy(list)));
    }

    private static string Read(ListState list) => string.Join(" ", list.ToArray().Select(Text));

    private static VersionVector Upto(Dot dot)
    {
        var version = new VersionVector();
        version.Include(dot);
        return version;
    }
}
