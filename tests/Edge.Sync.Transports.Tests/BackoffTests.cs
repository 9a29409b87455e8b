namespace Edge.Sync.Transports.Tests;

public class BackoffTests
{
    private static readonly TimeSpan s_minimum = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_maximum = TimeSpan.FromSeconds(10);

    [Fact]
    public void Waits_double_up_to_the_maximum_and_stay_within_the_upper_half()
    {
        for (var seed = 0; seed < 200; seed++)
        {
            var backoff = new Backoff(s_minimum, s_maximum, seed);
            foreach (var ceiling in (int[])[1, 2, 4, 8, 10, 10, 10])
                Assert.InRange(backoff.Next().TotalSeconds, ceiling / 2.0, ceiling);
        }
    }

    [Fact]
    public void Reset_starts_again_and_a_jump_skips_to_the_maximum()
    {
        var backoff = new Backoff(s_minimum, s_maximum, seed: 7);
        backoff.JumpToMaximum();
        Assert.InRange(backoff.Next().TotalSeconds, 5, 10);
        Assert.InRange(backoff.Next().TotalSeconds, 5, 10);
        backoff.Reset();
        Assert.InRange(backoff.Next().TotalSeconds, 0.5, 1);
    }

    [Fact]
    public void Replicas_and_links_wait_differently_and_each_can_be_repeated()
    {
        TimeSpan First(byte replica, string link) => Backoff.For(new FakeHost(replica), link, s_minimum, s_maximum).Next();

        Assert.Equal(First(1, "tcp:hub:1"), First(1, "tcp:hub:1"));
        var distinct = new HashSet<TimeSpan>();
        for (byte replica = 0; replica < 20; replica++)
            distinct.UnionWith([First(replica, "tcp:hub:1"), First(replica, "tcp:hub:2")]);
        Assert.Equal(40, distinct.Count);
    }
}
