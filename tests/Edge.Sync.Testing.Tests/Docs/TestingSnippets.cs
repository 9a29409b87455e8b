namespace Edge.Sync.Testing.Tests.Docs;

public class TestingSnippets
{
    private static readonly DocumentId s_pump = DocumentId.Named("pump-7");

    [Fact]
    public Task A_live_query_follows() =>
        // snippet: testing-watch
        Simulation.RunAsync(new SimulationOptions { Runs = 10, Latency = TimeSpan.FromSeconds(2) }, async world =>
        {
            var (office, van) = await world.AddReplicasAsync("office", "van");
            var done = office.Documents<Job>().Where(job => job.Done).WatchAsync();
            await van.Documents<Job>().EditAsync(s_pump, job => job.Done = true);
            await foreach (var jobs in done)                   // virtual time goes on while this waits
                if (jobs.Count == 1) break;
            Assert.True(world.Now < TimeSpan.FromSeconds(30));
        });
    // end

    [Fact]
    public Task Random_work_adds_up() =>
        // snippet: testing-random
        Simulation.RunAsync(new SimulationOptions { Runs = 20, Loss = 0.2, ClockSkew = TimeSpan.FromMinutes(10) }, async world =>
        {
            var replicas = await world.AddReplicasAsync("a", "b", "c", "d");
            long minutes = 0;
            for (var i = 0; i < 30; i++)
            {
                var replica = replicas[world.Random.Next(replicas.Count)];     // chance from the run's seed
                var worked = world.Random.Next(1, 60);
                await replica.Documents<Job>().EditAsync(s_pump, worked, static (job, worked) => job.Minutes.Add(worked));
                minutes += worked;
                if (i % 10 == 5) await world.CrashAsync(replica);
                await world.AdvanceAsync(TimeSpan.FromSeconds(world.Random.Next(30)));
            }
            await world.AssertConvergedAsync();
            world.AssertNothingLost();
            Assert.Equal(minutes, (await replicas[0].Documents<Job>().FindAsync(s_pump))!.Minutes.Value);
        });
    // end
}
