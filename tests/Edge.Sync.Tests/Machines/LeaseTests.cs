namespace Edge.Sync.Tests.Machines;

public class LeaseTests
{
    private static readonly DateTimeOffset s_now = new(2026, 1, 1, 8, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan s_hour = TimeSpan.FromHours(1);

    [Fact]
    public async Task Lease_is_taken_renewed_refused_given_back_and_taken_after_its_end()
    {
        await using var floor = await Floor.StartAsync(1);
        Assert.True(await floor.EditAsync(0, static press => press.Operator.TryAcquire("alice", s_now, s_hour)));
        Assert.False(await floor.EditAsync(0, static press => press.Operator.TryAcquire("bob", s_now, s_hour)));
        Assert.False(await floor.EditAsync(0, static press => press.Operator.Release("bob")));
        Assert.True(await floor.EditAsync(0, static press => press.Operator.TryAcquire("alice", s_now + s_hour / 2, s_hour)));
        var lease = (await floor.ReadAsync(0)).Operator;
        Assert.Equal(new("alice", 1, 1, s_now + s_hour * 1.5), lease.Grant);
        Assert.True(lease.IsHeldBy("alice", s_now + s_hour));
        Assert.False(lease.IsHeldBy("bob", s_now + s_hour));

        Assert.True(await floor.EditAsync(0, static press => press.Operator.TryAcquire("bob", s_now + s_hour * 2, s_hour)));
        Assert.Equal(2, (await floor.ReadAsync(0)).Operator.Grant.Token);
        Assert.True(await floor.EditAsync(0, static press => press.Operator.Release("bob")));
        Assert.True((await floor.ReadAsync(0)).Operator.IsFree(s_now));
        Assert.True(await floor.EditAsync(0, static press => press.Operator.TryAcquire("alice", s_now, s_hour)));
        Assert.Equal(3, (await floor.ReadAsync(0)).Operator.Grant.Token);
    }

    [Fact]
    public async Task Drift_lies_between_the_end_for_the_holder_and_the_beginning_for_others()
    {
        await using var floor = await Floor.StartAsync(1);
        var drift = TimeSpan.FromSeconds(10);
        await floor.EditAsync(0, press => press.Operator.TryAcquire("alice", s_now, s_hour, drift));
        var lease = (await floor.ReadAsync(0)).Operator;
        var end = s_now + s_hour;
        Assert.True(lease.IsHeldBy("alice", end - drift * 1.1, drift));
        Assert.False(lease.IsHeldBy("alice", end - drift, drift));
        Assert.False(lease.IsFree(end + drift * 0.9, drift));
        Assert.True(lease.IsFree(end + drift, drift));
    }

    [Fact]
    public async Task Two_who_take_it_offline_both_have_it_until_they_meet_and_a_resource_admits_the_first_only()
    {
        await using var floor = await Floor.StartAsync(2);
        await floor.EditAsync(0, static press => press.Operator.TryAcquire("alice", s_now, s_hour));
        await floor.EditAsync(1, static press => press.Operator.TryAcquire("bob", s_now, s_hour));
        var (alice, bob) = ((await floor.ReadAsync(0)).Operator.Grant, (await floor.ReadAsync(1)).Operator.Grant);
        Assert.Equal((1, 1), (alice.Token, bob.Token));
        Assert.False(bob.IsAdmittedAfter(alice));
        Assert.False(alice.IsAdmittedAfter(bob));

        await floor.MergeAsync();
        var lease = (await floor.ReadAsync(0)).Operator;
        Assert.Equal(lease.Grant, (await floor.ReadAsync(1)).Operator.Grant);
        Assert.Equal(["alice", "bob"], lease.Rivals.Select(static rival => rival.Value.Holder).Order());
        var (winner, loser) = lease.Grant.Holder == "alice" ? ("alice", "bob") : ("bob", "alice");
        Assert.False(await floor.EditAsync(0, press => press.Operator.TryAcquire(loser, s_now, s_hour)));
        Assert.True(await floor.EditAsync(0, press => press.Operator.TryAcquire(winner, s_now, s_hour)));
        var settled = (await floor.ReadAsync(0)).Operator;
        Assert.Equal((winner, 2L), (settled.Grant.Holder, settled.Grant.Token));
        Assert.True(settled.Grant.IsAdmittedAfter(alice) && settled.Grant.IsAdmittedAfter(bob));
        Assert.Empty(settled.Rivals);
    }

    [Fact]
    public async Task Holder_who_renews_is_not_overthrown_by_a_late_first_claim()
    {
        await using var floor = await Floor.StartAsync(2);
        await floor.EditAsync(1, static press => press.Operator.TryAcquire("bob", s_now, s_hour)); // the earlier one by far, and offline since
        await floor.EditAsync(0, static press => press.Operator.TryAcquire("alice", s_now, s_hour));
        await floor.EditAsync(0, static press => press.Operator.TryAcquire("alice", s_now, s_hour));
        await floor.MergeAsync();
        Assert.Equal("alice", (await floor.ReadAsync(1)).Operator.Grant.Holder);
    }

    [Fact]
    public void Rule_gives_one_winner_whatever_the_order_of_the_clocks()
    {
        for (var seed = 0; seed < 200; seed++)
        {
            var random = new Random(seed);
            var values = Enumerable.Range(0, random.Next(2, 6))
                .Select(i => new ConcurrentValue<LeaseGrant>(new($"r{i}", random.Next(1, 3), random.Next(0, 3), s_now), ReplicaId.FromBytes([.. Enumerable.Repeat((byte)i, 16)]), s_now.AddSeconds(i))).ToArray();
            var winner = LongestGrant.Merge(values);
            var model = values.OrderByDescending(static v => v.Value.Token).ThenByDescending(static v => v.Value.Renewals).ThenBy(static v => v.Time).First().Value;
            Assert.True(model == winner, $"seed {seed}: {model} was expected, not {winner}");
        }
    }

    [Theory]
    [InlineData("", 1, 0)]
    [InlineData("alice", 0, 0)]
    [InlineData("alice", 1, -1)]
    public void Wrong_arguments_are_refused(string holder, int hours, int drift) =>
        Assert.ThrowsAny<ArgumentException>(() => new Press().Operator.TryAcquire(holder, s_now, s_hour * hours, s_hour * drift));
}
