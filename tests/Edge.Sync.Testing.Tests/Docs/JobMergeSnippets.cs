namespace Edge.Sync.Testing.Tests.Docs;

// snippet: merge-tests
public class JobMergeTests
{
    static readonly DocumentId Pump = DocumentId.Named("pump-7");
    [Fact]
    public Task Work_on_both_sides_of_a_partition_adds_up() => Simulation.RunAsync(
        new SimulationOptions { Seed = 1, Runs = 200, Loss = 0.1, Duplicate = 0.1, Reorder = 0.3 }, async world =>
        {
            var (alice, bob, hub) = await world.AddReplicasAsync("alice", "bob", "hub");
            await hub.Documents<Job>().EditAsync(Pump, j => j.Title = "Replace pump 7");
            await world.AssertConvergedAsync();
            world.Partition([alice], [bob, hub]);
            await alice.Documents<Job>().EditAsync(Pump, j => { j.Minutes.Add(30); j.Priority.Value = Priority.High; });
            await bob.Documents<Job>().EditAsync(Pump, j => { j.Minutes.Add(45); j.Priority.Value = Priority.Low; });
            await world.CrashAsync(bob);
            world.Heal();
            await world.AssertConvergedAsync(within: TimeSpan.FromMinutes(1));             // virtual time
            world.AssertNothingLost();
            var job = await hub.Documents<Job>().FindAsync(Pump);
            Assert.Equal(75, job!.Minutes.Value);
            Assert.Equal(Priority.High, job.Priority.Value);
        });
    [Fact] public void Reach_obeys_the_laws() => CrdtLaws.Check<Reach>(static random => new Reach(random.NextDouble(), 1 + random.NextDouble()));
    [Fact] public void HighestWins_is_pure() => CrdtLaws.CheckRule<Priority, HighestWins>(static random => (Priority)random.Next(3));
}
// end
