using Edge.Sync.Crdts;
using static Edge.Sync.Tests.Crdts.Types.TestValues;

namespace Edge.Sync.Tests.Crdts.Types;

public sealed class FlagAndSetTests
{
    [Theory]
    [InlineData((byte)CrdtKind.EnableWinsFlag, true)]
    [InlineData((byte)CrdtKind.DisableWinsFlag, false)]
    public void Flag_turned_both_ways_at_once_ends_as_its_kind_says(byte kind, bool expected)
    {
        var (alice, bob) = (new FlagState((CrdtKind)kind), new FlagState((CrdtKind)kind));
        Assert.False(alice.IsEnabled);
        alice.Set(A(1), true).Into(alice, bob);
        var off = alice.Set(A(2), false).Into(alice);
        var on = bob.Set(B(1), true).Into(bob);
        Assert.Equal((false, true), (alice.IsEnabled, bob.IsEnabled));
        on.Into(alice);
        off.Into(bob);
        Assert.Equal((expected, expected), (alice.IsEnabled, bob.IsEnabled));
        alice.Set(A(3), true).Into(alice);
        Assert.True(alice.IsEnabled);
    }

    [Fact]
    public void Element_removed_and_added_at_once_stays_in_one_set_and_leaves_the_other()
    {
        var (adds, removes) = (new SetState(), new RemoveWinsSetState());
        adds.Add(A(1), V("x")).Into(adds);
        removes.Add(A(1), V("x")).Into(removes);
        Delta[] addWins = [adds.Remove(A(2), V("x")), adds.Add(B(1), V("x"))];
        Delta[] removeWins = [removes.Remove(A(2), V("x")), removes.Add(B(1), V("x"))];
        foreach (var delta in addWins) delta.Into(adds);
        foreach (var delta in removeWins) delta.Into(removes);
        Assert.True(adds.Contains(V("x")));
        Assert.False(removes.Contains(V("x")));
        removes.Add(B(2), V("x")).Into(removes);
        Assert.True(removes.Contains(V("x")));
    }

    [Fact]
    public void Removal_is_kept_until_it_is_stable()
    {
        var set = new RemoveWinsSetState();
        set.Add(A(1), V("x")).Into(set);
        set.Remove(A(2), V("x")).Into(set);
        Assert.Equal(1, set.EntryCount);
        var stable = new VersionVector();
        stable.Include(A(1));
        set.Compact(stable);
        Assert.Equal(1, set.EntryCount);
        stable.Include(A(2));
        set.Compact(stable);
        Assert.Equal(0, set.EntryCount);
        Assert.Equal(Laws.Bytes.Canonical(new RemoveWinsSetState()), Laws.Bytes.Canonical(set));
    }

    [Fact]
    public void Counter_that_only_grows_refuses_to_fall()
    {
        var counter = new CounterState(CrdtKind.GrowCounter);
        Assert.Throws<ArgumentOutOfRangeException>(() => counter.Add(A(1), -1));
        var bytes = Laws.Bytes.Of(new CounterDelta(CrdtKind.Counter, A(1), -1), out var replicas);
        Assert.Throws<EdgeDataException>(() => Laws.Bytes.Read(CrdtKind.GrowCounter, A(1), bytes, replicas));
    }
}
