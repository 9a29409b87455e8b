using Edge.Sync.Crdts;

namespace Edge.Sync.Tests.Crdts.Counters;

public class CounterStateTests
{
    private static readonly ReplicaId s_alice = new(1, 0);

    [Fact]
    public void Sum_beyond_64_bits_clamps_and_comes_back()
    {
        var counter = new CounterState();
        counter.Join(counter.Add(new(s_alice, 1), long.MaxValue), default);
        counter.Join(counter.Add(new(s_alice, 2), long.MaxValue), default);
        Assert.Equal(long.MaxValue, counter.Value);
        counter.Join(counter.Add(new(s_alice, 3), -long.MaxValue), default);
        counter.Join(counter.Add(new(s_alice, 4), -7), default);
        Assert.Equal(long.MaxValue - 7, counter.Value);
        for (var i = 5UL; i < 9; i++)
            counter.Join(counter.Add(new(s_alice, i), long.MinValue), default);
        Assert.Equal(long.MinValue, counter.Value);
    }

    [Fact]
    public void Addition_that_comes_twice_counts_once()
    {
        var counter = new CounterState();
        var delta = counter.Add(new(s_alice, 1), 30);
        counter.Join(delta, default);
        counter.Join(delta, default);
        Assert.Equal(30, counter.Value);
    }
}
