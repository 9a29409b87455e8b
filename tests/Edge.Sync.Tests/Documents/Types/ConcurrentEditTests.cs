namespace Edge.Sync.Tests.Documents.Types;

/// <summary>Who wins when two edit one property without having heard of each other, as docs/crdts.md tells it.</summary>
public class ConcurrentEditTests
{
    [Fact]
    public async Task GrowCounter_counts_all_additions_and_refuses_negative_ones()
    {
        await using var replicas = await TwoReplicas.StartAsync();
        var plant = await replicas.MergeAsync(static p => p.Pieces.Add(30), static p => p.Pieces.Add(30));
        Assert.Equal(60, plant.Pieces.Value);
        Assert.Equal(60L, replicas.Sql("Pieces"));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => replicas.EditAsync(replicas.Bob, static p => p.Pieces.Add(-1)));
    }

    [Fact]
    public async Task BoundedCounter_is_spent_up_to_the_rights_that_each_replica_holds()
    {
        await using var replicas = await TwoReplicas.StartAsync(static p => p.Seats.Grant(10));
        var (alice, bob) = (await replicas.Alice.GetReplicaIdAsync(), await replicas.Bob.GetReplicaIdAsync());
        await replicas.EditAsync(replicas.Bob, static p => Assert.False(p.Seats.TrySpend(1))); // nobody handed Bob any
        await replicas.MergeAsync(p => Assert.True(p.Seats.TryTransfer(bob, 4)));
        var plant = await replicas.MergeAsync(
            static p =>
            {
                Assert.Equal(6, p.Seats.Available);
                Assert.True(p.Seats.TrySpend(6));
                Assert.False(p.Seats.TrySpend(1));
            },
            p =>
            {
                Assert.True(p.Seats.TrySpend(3));
                Assert.False(p.Seats.TrySpend(2));
                Assert.False(p.Seats.TryTransfer(bob, 1)); // to oneself
            });
        Assert.Equal((1, 1, 0), (plant.Seats.Value, plant.Seats.Available, plant.Seats.Overdraft));
        Assert.Equal(0, (await replicas.ReadAsync(replicas.Alice)).Seats.Available);
        Assert.Equal(new SortedDictionary<ReplicaId, long> { [alice] = 0, [bob] = 1 }, plant.Seats.Rights);
        Assert.Equal(1L, replicas.Sql("Seats"));
        plant = await replicas.MergeAsync(p => Assert.True(p.Seats.TryReclaim(bob, 1)), static p => Assert.True(p.Seats.TrySpend(1)));
        Assert.Equal((0, 1), (plant.Seats.Value, plant.Seats.Overdraft)); // Bob was not gone after all
    }

    [Fact]
    public async Task EnableWinsFlag_is_on_and_DisableWinsFlag_off_when_two_turn_it_at_once()
    {
        await using var replicas = await TwoReplicas.StartAsync(static p => p.NeedsAttention.Value = p.Consent.Value = true);
        var plant = await replicas.MergeAsync(
            static p => p.NeedsAttention.Value = p.Consent.Value = false,
            static p => p.NeedsAttention.Value = p.Consent.Value = true);
        Assert.True(plant.NeedsAttention);
        Assert.False(plant.Consent);
        Assert.Equal("1 0", replicas.Sql("NeedsAttention || ' ' || Consent"));
        plant = await replicas.MergeAsync(static p => { p.NeedsAttention.Value = false; p.Consent.Value = true; });
        Assert.False(plant.NeedsAttention.Value); // who has seen the other decides
        Assert.True(plant.Consent.Value);
    }

    [Fact]
    public async Task Register_shows_the_later_value_and_keeps_the_other_until_somebody_writes_again()
    {
        await using var replicas = await TwoReplicas.StartAsync(static p => p.Status.Value = "running");
        await replicas.EditAsync(replicas.Alice, static p => p.Status.Value = "A");
        var plant = await replicas.MergeAsync(bob: static p => p.Status.Value = "B");
        var last = plant.Status.Values[^1];
        Assert.Equal(["A", "B"], plant.Status.Values.Select(static v => v.Value).Order());
        Assert.Equal((plant.Status.Value, true), (last.Value, plant.Status.HasConflict));
        Assert.Equal(last.Value == "B" ? await replicas.Bob.GetReplicaIdAsync() : await replicas.Alice.GetReplicaIdAsync(), last.Author);
        Assert.Equal(plant.Status.Values, (await replicas.ReadAsync(replicas.Alice)).Status.Values);
        Assert.True(plant.Status.Values[0].Time <= last.Time);
        Assert.Equal(plant.Status.Value, replicas.Sql("Status"));
        plant = await replicas.MergeAsync(static p => p.Status.Value = "C");
        Assert.Equal(["C"], plant.Status.Values.Select(static v => v.Value));
        Assert.False(plant.Status.HasConflict);
    }

    [Fact]
    public async Task MaxRegister_keeps_the_greatest_and_MinRegister_the_least_whatever_came_last()
    {
        var noon = new DateTimeOffset(2026, 6, 1, 12, 0, 0, TimeSpan.Zero);
        await using var replicas = await TwoReplicas.StartAsync();
        await replicas.EditAsync(replicas.Alice, p =>
        {
            Assert.True(p.Peak.Reach(80));
            Assert.True(p.LastTag.Reach("b"));
            Assert.True(p.FirstSeen.Reach(noon.ToOffset(TimeSpan.FromHours(-9))));
            Assert.True(p.Lowest.Reach(-5));
        });
        var plant = await replicas.MergeAsync(bob: p =>
        {
            Assert.True(p.Peak.Reach(75)); // Bob has not heard of 80
            Assert.True(p.LastTag.Reach("aaa"));
            Assert.True(p.FirstSeen.Reach(noon.AddTicks(1).ToOffset(TimeSpan.FromHours(14))));
            Assert.True(p.Lowest.Reach(3));
            Assert.False(p.Lowest.Reach(4));
        });
        Assert.Equal((80, "b", noon, -5), (plant.Peak.Value, plant.LastTag.Value, plant.FirstSeen.Value, plant.Lowest.Value));
        Assert.Equal(80.0, replicas.Sql("Peak"));
        Assert.Equal("2026-06-01T12:00:00.0000000Z", replicas.Sql("FirstSeen"));
    }

    [Fact]
    public async Task Sets_differ_in_what_a_removal_means_to_who_has_not_heard_of_it()
    {
        var (one, two) = (DocumentId.Named("1"), DocumentId.Named("2"));
        await using var replicas = await TwoReplicas.StartAsync(p =>
        {
            p.Tags.Add("seal");
            p.Operators.Add("bob");
            Assert.True(p.SignedBy.Add(one));
            Assert.False(p.SignedBy.Add(one));
        });
        var plant = await replicas.MergeAsync(
            static p => { Assert.True(p.Tags.Remove("seal")); Assert.True(p.Operators.Remove("bob")); Assert.False(p.Operators.Remove("carol")); },
            p => { p.Tags.Add("seal"); p.Operators.Add("bob"); p.Operators.Add("carol"); p.SignedBy.Add(two); });
        Assert.Equal(["seal"], plant.Tags);
        Assert.Empty(plant.Operators); // Carol was shut out before she came
        Assert.Equal("[]", replicas.Sql("Operators"));
        Assert.Equal(new[] { one, two }.Order(), plant.SignedBy);
        plant = await replicas.MergeAsync(static p => p.Operators.Add("bob"));
        Assert.Equal(["bob"], plant.Operators);
        Assert.Equal("""["bob"]""", replicas.Sql("Operators"));
        Assert.Equal(2L, replicas.Sql("json_array_length(SignedBy)"));
    }
}
