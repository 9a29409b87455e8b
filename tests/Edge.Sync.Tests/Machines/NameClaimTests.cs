namespace Edge.Sync.Tests.Machines;

public class NameClaimTests
{
    private static readonly DocumentId s_alice = DocumentId.Named("alice"), s_bob = DocumentId.Named("bob");

    [Fact]
    public async Task Name_is_claimed_once_and_is_free_again_when_it_is_given_back()
    {
        await using var floor = await Floor.StartAsync(1);
        Assert.True(await floor.EditAsync(0, static press => press.Plate.TryClaim(s_alice)));
        Assert.True(await floor.EditAsync(0, static press => press.Plate.TryClaim(s_alice)));
        Assert.False(await floor.EditAsync(0, static press => press.Plate.TryClaim(s_bob)));
        Assert.False(await floor.EditAsync(0, static press => press.Plate.Release(s_bob)));
        Assert.False(await floor.EditAsync(0, static press => press.Plate.Confirm(s_bob)));
        Assert.True(await floor.EditAsync(0, static press => press.Plate.Release(s_alice)));
        Assert.True(await floor.EditAsync(0, static press => press.Plate.TryClaim(s_bob)));
        Assert.Equal(new(s_bob, 3), (await floor.ReadAsync(0)).Plate.Hold);
        await Assert.ThrowsAsync<ArgumentException>(() => floor.EditAsync(0, static press => { press.Plate.TryClaim(default); }));
    }

    [Fact]
    public async Task Of_two_who_claim_it_offline_one_bears_it_everywhere_and_the_other_is_told()
    {
        await using var floor = await Floor.StartAsync(2);
        Assert.True(await floor.EditAsync(0, static press => press.Plate.TryClaim(s_alice)));
        Assert.True(await floor.EditAsync(1, static press => press.Plate.TryClaim(s_bob)));
        await floor.MergeAsync();
        var claim = (await floor.ReadAsync(0)).Plate;
        var (winner, loser) = claim.Hold.Owner == s_alice ? (s_alice, s_bob) : (s_bob, s_alice);
        Assert.Equal(claim.Hold, (await floor.ReadAsync(1)).Plate.Hold);
        Assert.Equal([loser], claim.Losers);
        Assert.False(await floor.EditAsync(1, press => press.Plate.TryClaim(loser)));
        Assert.True(await floor.EditAsync(1, press => press.Plate.Confirm(winner)));
        Assert.Empty((await floor.ReadAsync(1)).Plate.Losers);
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 0)]
    public async Task Claim_that_was_confirmed_is_not_overthrown_by_one_that_comes_late(int first, int late)
    {
        await using var floor = await Floor.StartAsync(2);
        await floor.EditAsync(late, static press => press.Plate.TryClaim(s_bob)); // made first by every clock, and offline since
        await floor.EditAsync(first, static press => press.Plate.TryClaim(s_alice));
        await floor.EditAsync(first, static press => press.Plate.Confirm(s_alice));
        await floor.MergeAsync();
        var claim = (await floor.ReadAsync(late)).Plate;
        Assert.Equal(s_alice, claim.Hold.Owner);
        Assert.Equal([s_bob], claim.Losers);
    }

    [Fact]
    public void Rule_gives_the_deepest_then_the_lowest_replica_whatever_the_clocks_say()
    {
        for (var seed = 0; seed < 200; seed++)
        {
            var random = new Random(seed);
            var values = Enumerable.Range(0, random.Next(2, 6))
                .Select(i => new ConcurrentValue<NameHold>(new(DocumentId.Named($"{i}"), random.Next(1, 3)), ReplicaId.FromBytes([.. Enumerable.Repeat((byte)(i * 7 % 5), 16)]), DateTimeOffset.UnixEpoch.AddSeconds(i))).ToArray();
            var model = values.OrderByDescending(static v => v.Value.Depth).ThenBy(static v => v.Author).First().Value;
            Assert.True(model == DeepestHold.Merge(values), $"seed {seed}");
        }
    }
}
