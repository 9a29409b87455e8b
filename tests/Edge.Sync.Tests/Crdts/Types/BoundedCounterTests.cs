using Edge.Sync.Crdts;
using static Edge.Sync.Tests.Crdts.Types.TestValues;

namespace Edge.Sync.Tests.Crdts.Types;

public sealed class BoundedCounterTests
{
    [Fact]
    public void Two_who_are_apart_spend_what_they_were_given_and_no_more()
    {
        var (alice, bob) = (new BoundedCounterState(), new BoundedCounterState());
        alice.Grant(A(1), 10).Into(alice, bob);
        alice.Transfer(A(2), Bob, 4)!.Into(alice, bob);

        var sold = alice.Spend(A(3), 6)!.Into(alice);
        Assert.Null(alice.Spend(A(4), 1));
        var taken = bob.Spend(B(1), 4)!.Into(bob);
        Assert.Null(bob.Spend(B(2), 1));

        taken.Into(alice);
        sold.Into(bob);
        Assert.Equal((0, 0), (alice.Value, alice.Overdraft));
        Assert.Equal((0, 0), (bob.Value, bob.Overdraft));
    }

    [Fact]
    public void Copy_that_spends_the_same_rights_again_shows_as_an_overdraft()
    {
        var counter = new BoundedCounterState();
        counter.Grant(A(1), 10).Into(counter);
        counter.Transfer(A(2), Bob, 10)!.Into(counter);
        counter.Spend(B(1), 10)!.Into(counter);
        // What a peer's copy of the file sold under a re-issued change cannot be refused: it has happened.
        new BoundedCounterDelta(B(2), RightsOperation.Spend, 10, default).Into(counter);
        Assert.Equal(-10, counter.Value);
        Assert.Equal(10, counter.Overdraft);
        Assert.Equal(-10, counter.Rights(Bob));
    }

    [Fact]
    public void Fresh_replica_has_no_rights()
    {
        var counter = new BoundedCounterState();
        counter.Grant(A(1), 10).Into(counter);
        Assert.Null(counter.Spend(C(1), 1));
        Assert.Equal(0, counter.Rights(Carol));
    }

    [Fact]
    public void Rights_of_one_who_is_gone_are_burnt_until_reclaimed()
    {
        var counter = new BoundedCounterState();
        counter.Grant(B(1), 8).Into(counter);
        Assert.Null(counter.Spend(A(1), 8));
        counter.Reclaim(A(1), Bob, 8)!.Into(counter);
        counter.Spend(A(2), 8)!.Into(counter);
        Assert.Equal((0, 0), (counter.Value, counter.Overdraft));
        // Bob was not gone after all, and had sold two.
        new BoundedCounterDelta(B(2), RightsOperation.Spend, 2, default).Into(counter);
        Assert.Equal((-2, 2), (counter.Value, counter.Overdraft));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-5)]
    public void Amount_below_one_is_refused(long amount)
    {
        var counter = new BoundedCounterState();
        Assert.Throws<ArgumentOutOfRangeException>(() => counter.Grant(A(1), amount));
        Assert.Throws<ArgumentOutOfRangeException>(() => counter.Spend(A(1), amount));
        var bytes = Laws.Bytes.Of(new BoundedCounterDelta(A(1), RightsOperation.Spend, amount, default), out var replicas);
        Assert.Equal("bounded.amount", Assert.Throws<EdgeDataException>(() => Laws.Bytes.Read(CrdtKind.BoundedCounter, A(1), bytes, replicas)).Field);
    }
}
