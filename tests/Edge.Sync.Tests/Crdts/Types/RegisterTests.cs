using Edge.Sync.Crdts;
using static Edge.Sync.Tests.Crdts.Types.TestValues;

namespace Edge.Sync.Tests.Crdts.Types;

public sealed class RegisterTests
{
    [Fact]
    public void Concurrent_values_are_all_there_with_author_and_time_and_the_later_is_shown()
    {
        var register = new RegisterState();
        new RegisterState().Set(B(1), V("B")).Into(At(20), register);
        new RegisterState().Set(A(1), V("A")).Into(At(10), register);
        Assert.Equal(2, register.Values.Length);
        Assert.Equal(new(A(1), At(10), V("A")), register.Values[0]);
        Assert.Equal(new(B(1), At(20), V("B")), register.Values[1]);
        Assert.True(register.TryGetWinner(out var winner));
        Assert.Equal("B", Text(winner));
    }

    [Fact]
    public void Write_with_an_earlier_clock_wins_over_what_its_author_had_seen()
    {
        var register = new RegisterState();
        register.Set(B(1), V("from a clock an hour ahead")).Into(At(3_600_000), register);
        register.Set(A(1), V("after it")).Into(At(1), register);
        Assert.Equal(1, register.Count);
        Assert.True(register.TryGetWinner(out var winner));
        Assert.Equal("after it", Text(winner));
    }

    [Fact]
    public void Maximum_keeps_the_greatest_whatever_the_clocks_say()
    {
        var register = new ExtremeState(CrdtKind.MaxRegister);
        register.Reach(A(1), V(80))!.Into(At(1), register);
        new ExtremeState(CrdtKind.MaxRegister).Reach(B(1), V(75))!.Into(At(2), register);
        Assert.True(register.TryGet(out var value));
        Assert.Equal(V(80), value);
        Assert.Null(register.Reach(A(2), V(80)));
    }

    [Fact]
    public void Values_have_one_order_by_number_and_by_code_point()
    {
        ValueBytes[] ordered =
        [
            V(long.MinValue), V(-129), V(-1), V(0), V(127), V(128), V(70_000), V(long.MaxValue),
            V(double.NegativeInfinity), V(-1.5), V(0.0), V(1e-300), V(2.0), V(double.PositiveInfinity),
            V(""), V("a"), V("aa"), V(new string('a', 300)), V("b"), V("\uE000"), V("\U0001F600"),
        ];
        for (var i = 0; i < ordered.Length; i++)
            for (var j = 0; j < ordered.Length; j++)
                Assert.Equal(i.CompareTo(j), Math.Sign(ValueOrder.Compare(ordered[i], ordered[j])));
    }
}
