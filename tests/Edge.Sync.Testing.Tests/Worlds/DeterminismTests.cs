namespace Edge.Sync.Testing.Tests.Worlds;

public class DeterminismTests
{
    private static readonly DocumentId s_pump = DocumentId.Named("pump-7");

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(77)]
    public async Task Equal_seeds_give_equal_traces_byte_for_byte(int seed)
    {
        var (first, second) = (await TraceAsync(seed), await TraceAsync(seed));
        Assert.Contains("lost", first, StringComparison.Ordinal);
        Assert.Contains("twice", first, StringComparison.Ordinal);
        Assert.Contains("power cut at bob", first, StringComparison.Ordinal);
        Assert.Contains("end carol ", first, StringComparison.Ordinal);
        Assert.Equal(first, second);
    }

    [Fact]
    public async Task Other_seeds_give_other_traces() => Assert.NotEqual(await TraceAsync(1), await TraceAsync(2));

    [Fact]
    public async Task Database_that_is_about_to_pack_its_log_is_closed_within_the_world()
    {
        // More changes than a database leaves unpacked. It would begin a second later.
        const int Changes = 9_000;
        await Simulation.RunAsync(new() { Runs = 1 }, static async world =>
        {
            var alone = (await world.AddReplicasAsync("alone"))[0];
            for (var i = 0; i < Changes; i++) await alone.Documents<Job>().EditAsync(s_pump, static job => job.Minutes.Add(1));
            Assert.Equal(Changes, (await alone.Documents<Job>().FindAsync(s_pump))!.Minutes.Value);
        });
    }

    [Theory]
    [InlineData(2)]
    [InlineData(9_000)]
    public async Task Edits_that_begin_at_once_before_the_database_is_open_stay_within_the_world(int count)
    {
        await Simulation.RunAsync(new() { Runs = 5 }, async world =>
        {
            var alone = (await world.AddReplicasAsync("alone"))[0];
            await Task.WhenAll(Enumerable.Range(0, count).Select(_ => alone.Documents<Job>().EditAsync(s_pump, static job => job.Minutes.Add(1))));
            Assert.Equal(count, (await alone.Documents<Job>().FindAsync(s_pump))!.Minutes.Value);
        });
    }

    [Fact]
    public async Task What_several_may_wait_for_wakes_each_of_them_within_the_world()
    {
        await Simulation.RunAsync(new() { Runs = 5 }, static async world =>
        {
            var (alice, _) = await world.AddReplicasAsync("alice", "bob");
            await using var live = alice.Documents<Job>().ToLive(s_pump);
            await Task.WhenAll(live.WhenLoadedAsync(), live.WhenLoadedAsync());
            await alice.Documents<Job>().EditAsync(s_pump, static job => job.Minutes.Add(1));
            await using var list = alice.Documents<Job>().Where(static job => job.Minutes.Value > 0).ToLiveList();
            await Task.WhenAll(list.WhenLoadedAsync(), list.WhenLoadedAsync(), live.FlushAsync(), live.FlushAsync());
            Assert.Equal(1, Assert.Single(list).Minutes.Value);
        });
    }

    [Fact]
    public async Task Link_that_pauses_before_it_dials_again_is_closed_within_the_world() => await Simulation.RunAsync(new() { Seed = 7, Runs = 20 }, static async world =>
    {
        var (alice, bob) = await world.AddReplicasAsync("alice", "bob");
        await alice.Documents<Job>().EditAsync(s_pump, static job => job.Minutes.Add(1));
        await world.AdvanceAsync(TimeSpan.FromSeconds(5));
        // Bob's old session has ended, and he has not dialled again, when the world is closed.
        await world.CrashAsync(alice);
        await world.AdvanceAsync(TimeSpan.FromMilliseconds(100));
        Assert.NotNull(await bob.Documents<Job>().FindAsync(s_pump));
    });

    private static async Task<string> TraceAsync(int seed)
    {
        await using var trace = new StringWriter();
        await Simulation.RunAsync(new() { Seed = seed, Runs = 1, Loss = 0.2, Duplicate = 0.2, Reorder = 0.3, Latency = TimeSpan.FromSeconds(1), ClockSkew = TimeSpan.FromMinutes(2), Trace = trace }, static async world =>
        {
            var (alice, bob, carol) = await world.AddReplicasAsync("alice", "bob", "carol");
            for (var round = 0; round < 6; round++)
            {
                foreach (var replica in (SimulatedReplica[])[alice, bob, carol])
                    await replica.Documents<Job>().EditAsync(s_pump, job => { job.Minutes.Add(1); job.Notes.Append($"{replica} {world.Random.Next(100)} "); });
                if (round == 2) world.Partition([alice, carol], [bob]);
                if (round == 3) await world.CrashAsync(bob);
                if (round == 4) world.Heal();
                await world.AdvanceAsync(TimeSpan.FromSeconds(world.Random.Next(20)));
            }
            await world.AssertConvergedAsync();
            world.AssertNothingLost();
        });
        return trace.ToString();
    }
}
