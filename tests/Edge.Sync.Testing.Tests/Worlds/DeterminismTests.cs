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
