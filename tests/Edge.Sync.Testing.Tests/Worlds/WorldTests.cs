namespace Edge.Sync.Testing.Tests.Worlds;

public class WorldTests
{
    private static readonly DocumentId s_pump = DocumentId.Named("pump-7");

    [Fact]
    public Task A_power_cut_takes_what_no_disk_had_and_nothing_else() => Simulation.RunAsync(new() { Runs = 5 }, static async world =>
    {
        var (alice, bob) = await world.AddReplicasAsync("alice", "bob");
        await bob.Documents<Job>().EditAsync(s_pump, static job => job.Minutes.Add(1));
        await world.AssertConvergedAsync();
        world.Partition([alice], [bob]);
        // After 45 seconds without an answer there is no session any more, and nobody who syncs the disk.
        await world.AdvanceAsync(TimeSpan.FromMinutes(2));
        await bob.Documents<Job>().EditAsync(s_pump, static job => job.Minutes.Add(10));
        await world.CrashAsync(bob);
        Assert.Equal(1, world.LostToPowerCuts);
        Assert.Equal(1, (await bob.Documents<Job>().FindAsync(s_pump))!.Minutes.Value);
        // The name of what is gone is used again, by a change that nobody confuses with it.
        await bob.Documents<Job>().EditAsync(s_pump, static job => job.Minutes.Add(100));
        world.Heal();
        await world.AssertConvergedAsync();
        world.AssertNothingLost();
        Assert.Equal(101, (await alice.Documents<Job>().FindAsync(s_pump))!.Minutes.Value);
    });

    [Fact]
    public Task A_write_with_a_running_session_survives_the_power_cut_of_its_moment() => Simulation.RunAsync(new() { Runs = 5 }, static async world =>
    {
        var (alice, bob) = await world.AddReplicasAsync("alice", "bob");
        await world.AssertConvergedAsync();
        await bob.Documents<Job>().EditAsync(s_pump, static job => job.Minutes.Add(1));
        await world.CrashAsync(bob);
        Assert.Equal(0, world.LostToPowerCuts);
        await world.AssertConvergedAsync();
        Assert.Equal(1, (await alice.Documents<Job>().FindAsync(s_pump))!.Minutes.Value);
    });

    [Fact]
    public Task Sides_of_a_partition_hear_themselves_only() => Simulation.RunAsync(new() { Runs = 3 }, static async world =>
    {
        var (alice, bob, carol) = await world.AddReplicasAsync("alice", "bob", "carol");
        world.Partition([alice, carol], [bob]);
        await alice.Documents<Job>().EditAsync(s_pump, static job => job.Minutes.Add(1));
        await world.AdvanceAsync(TimeSpan.FromMinutes(5));
        Assert.NotNull(await carol.Documents<Job>().FindAsync(s_pump));
        Assert.Null(await bob.Documents<Job>().FindAsync(s_pump));
        world.Heal();
        await world.AssertConvergedAsync();
        Assert.NotNull(await bob.Documents<Job>().FindAsync(s_pump));
    });

    [Fact]
    public Task Time_goes_on_while_the_scenario_watches() => Simulation.RunAsync(new() { Runs = 3, Latency = TimeSpan.FromSeconds(2) }, static async world =>
    {
        var (alice, bob) = await world.AddReplicasAsync("alice", "bob");
        var watch = bob.Documents<Job>().Where(static job => job.Done).WatchAsync();
        await alice.Documents<Job>().EditAsync(s_pump, static job => job.Done = true);
        await foreach (var done in watch)
            if (done.Count == 1) break;
        Assert.InRange(world.Now, TimeSpan.FromMilliseconds(1), TimeSpan.FromSeconds(30));
    });

    /// <summary>Clocks that are an hour apart change nothing about who had seen what.</summary>
    [Fact]
    public Task Who_had_seen_the_other_wins_whatever_the_clocks_say() => Simulation.RunAsync(new() { Runs = 10, ClockSkew = TimeSpan.FromHours(1) }, static async world =>
    {
        var (alice, bob) = await world.AddReplicasAsync("alice", "bob");
        await alice.Documents<Job>().EditAsync(s_pump, static job => job.Title = "first");
        await world.AssertConvergedAsync();
        await bob.Documents<Job>().EditAsync(s_pump, static job => job.Title = "second");
        await world.AssertConvergedAsync();
        Assert.Equal("second", (await alice.Documents<Job>().FindAsync(s_pump))!.Title);
    });

    [Fact]
    public async Task Clocks_are_wrong_by_what_the_options_say_and_differ()
    {
        var skews = new List<TimeSpan>();
        await Simulation.RunAsync(new() { Runs = 5, ClockSkew = TimeSpan.FromMinutes(10) }, async world =>
        {
            foreach (var replica in await world.AddReplicasAsync("alice", "bob"))
                skews.Add(replica.Database.TimeProvider.GetUtcNow() - world.TimeProvider.GetUtcNow());
        });
        Assert.All(skews, static skew => Assert.InRange(skew, TimeSpan.FromMinutes(-10), TimeSpan.FromMinutes(10)));
        Assert.Equal(skews.Count, skews.Distinct().Count());
        Assert.Contains(skews, static skew => skew < TimeSpan.Zero);
        Assert.Contains(skews, static skew => skew > TimeSpan.Zero);
    }

    [Fact]
    public async Task Replicas_are_configured_at_each_opening()
    {
        var opened = new List<string>();
        await Simulation.RunAsync(new() { Runs = 1, Configure = (name, _) => opened.Add(name) }, static async world =>
        {
            var (_, bob) = await world.AddReplicasAsync("alice", "bob");
            await world.CrashAsync(bob);
        });
        Assert.Equal(["alice", "bob", "bob"], opened);
    }

    [Fact]
    public Task Replicas_may_be_added_later_and_have_names_of_their_own() => Simulation.RunAsync(new() { Runs = 2 }, static async world =>
    {
        var alice = (await world.AddReplicasAsync("alice"))[0];
        await alice.Documents<Job>().EditAsync(s_pump, static job => job.Minutes.Add(1));
        await world.AdvanceAsync(TimeSpan.FromMinutes(1));
        var bob = (await world.AddReplicasAsync("bob"))[0];
        await world.AssertConvergedAsync();
        Assert.Equal(1, (await bob.Documents<Job>().FindAsync(s_pump))!.Minutes.Value);
        await Assert.ThrowsAsync<ArgumentException>(() => world.AddReplicasAsync("bob"));
        Assert.Throws<InvalidOperationException>(() => { var (_, _) = new ReplicaGroup([alice]); });
        Assert.Throws<ArgumentException>(() => world.Partition([alice], [alice]));
    });

    [Fact]
    public async Task Nothing_is_left_on_the_disk()
    {
        var path = "";
        await Simulation.RunAsync(new() { Runs = 1 }, async world => path = (await world.AddReplicasAsync("alice"))[0].Path);
        Assert.NotEmpty(path);
        Assert.False(Directory.Exists(Path.GetDirectoryName(path)));
    }
}
