using Edge.Sync.Storage;

namespace Edge.Sync.Testing.Tests.Worlds;

/// <summary>Each thing that can go wrong in a world is found, and told so that it can be repeated.</summary>
public class FailureTests
{
    private static readonly DocumentId s_pump = DocumentId.Named("pump-7");

    [Fact]
    public async Task A_failed_run_is_repeated_alone_by_its_seed()
    {
        static async Task Scenario(SimulatedWorld world)
        {
            var (alice, _) = await world.AddReplicasAsync("alice", "bob");
            await alice.Documents<Job>().EditAsync(s_pump, static job => job.Minutes.Add(1));
            await world.AdvanceAsync(TimeSpan.FromSeconds(world.Random.Next(10)));
            Assert.True(world.Random.Next(4) > 0, "unlucky");
        }
        var failed = await FailsAsync(new() { Seed = 40, Runs = 50 }, Scenario);
        Assert.Contains("unlucky", failed.Reason, StringComparison.Ordinal);
        Assert.IsType<Xunit.Sdk.TrueException>(failed.InnerException);
        Assert.Equal(40 + failed.Run, failed.Seed);
        Assert.Contains($"Seed = {failed.Seed}, Runs = 1", failed.Message, StringComparison.Ordinal);
        Assert.Contains("alice -> bob", failed.Message, StringComparison.Ordinal);

        var alone = await FailsAsync(new() { Seed = failed.Seed, Runs = 1 }, Scenario);
        Assert.Equal((failed.Reason, failed.Step, failed.Time), (alone.Reason, alone.Step, alone.Time));
    }

    [Fact]
    public async Task Replicas_that_cannot_hear_each_other_do_not_converge_and_it_is_said_who_lacks_what()
    {
        var failed = await FailsAsync(new() { Runs = 1 }, static async world =>
        {
            var (alice, bob) = await world.AddReplicasAsync("alice", "bob");
            world.Partition([alice], [bob]);
            await alice.Documents<Job>().EditAsync(s_pump, static job => job.Minutes.Add(1));
            await world.AssertConvergedAsync(within: TimeSpan.FromSeconds(90));
        });
        Assert.Contains("'bob' lacks 1 of 1 changes", failed.Reason, StringComparison.Ordinal);
        Assert.Contains("Still cut: alice and bob", failed.Reason, StringComparison.Ordinal);
        Assert.Equal(TimeSpan.FromSeconds(90), failed.Time);
    }

    [Fact]
    public async Task A_document_that_differs_is_named()
    {
        var failed = await FailsAsync(new() { Runs = 1 }, static async world =>
        {
            var (alice, bob) = await world.AddReplicasAsync("alice", "bob");
            await alice.Documents<Job>().EditAsync(s_pump, static job => job.Minutes.Add(1));
            await world.AssertConvergedAsync();
            var store = (SqliteStore)bob.Inner.Store;
            using var command = store.Connection.CreateCommand();
            command.CommandText = "DELETE FROM edge_documents";
            Assert.True(command.ExecuteNonQuery() > 0);
            await world.AssertConvergedAsync();
        });
        Assert.Contains("'alice' and 'bob' hold the same changes and differ in 1 documents: job", failed.Reason, StringComparison.Ordinal);
    }

    /// <summary>As with a disk that says it has synced, and has not.</summary>
    [Fact]
    public async Task A_change_that_left_before_it_was_durable_is_found()
    {
        var failed = await FailsAsync(new() { Runs = 1 }, static async world =>
        {
            var (alice, bob) = await world.AddReplicasAsync("alice", "bob");
            ((SqliteStore)bob.Inner.Store).Synced = null;
            await bob.Documents<Job>().EditAsync(s_pump, static job => job.Minutes.Add(1));
            await world.AssertConvergedAsync();
            await world.CrashAsync(bob);
        });
        Assert.Contains("'alice' holds a change of 'bob' that a power cut took there", failed.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_change_that_nobody_holds_any_more_is_found()
    {
        var failed = await FailsAsync(new() { Runs = 1 }, static async world =>
        {
            var (alice, bob) = await world.AddReplicasAsync("alice", "bob");
            await bob.Documents<Job>().EditAsync(s_pump, static job => job.Minutes.Add(1));
            await world.AssertConvergedAsync();
            world.AssertNothingLost();
            // Both devices are thrown away.
            foreach (var replica in (SimulatedReplica[])[alice, bob])
            {
                await replica.CloseAsync();
                File.Delete(replica.Path);
                await replica.OpenAsync();
            }
            world.AssertNothingLost();
        });
        Assert.Contains("1 changes are held by nobody any more", failed.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Waiting_for_what_never_comes_ends()
    {
        var failed = await FailsAsync(new() { Runs = 1, Patience = TimeSpan.FromMinutes(2) }, static async world =>
        {
            await world.AddReplicasAsync("alice", "bob");
            await new TaskCompletionSource().Task;
        });
        Assert.Contains("Patience", failed.Reason, StringComparison.Ordinal);
        Assert.InRange(failed.Time, TimeSpan.FromMinutes(1.9), TimeSpan.FromMinutes(2));
    }

    [Fact]
    public async Task A_scenario_that_leaves_its_world_is_told_so()
    {
        var failed = await FailsAsync(new() { Runs = 1 }, static async world =>
        {
            var thread = new Thread(() => Assert.Throws<SimulationException>(world.Heal));
            thread.Start();
            thread.Join();
            await world.AdvanceAsync(TimeSpan.FromSeconds(1));
        });
        Assert.Contains("ran on another thread", failed.Reason, StringComparison.Ordinal);
    }

    /// <summary>Which of two reasons is told depends on the other thread; that the run fails does not.</summary>
    [Fact]
    public async Task A_scenario_that_awaits_another_thread_fails()
    {
        var failed = await FailsAsync(new() { Runs = 1 }, static async world =>
        {
            await world.AddReplicasAsync("alice", "bob");
            await Task.Yield();
            await world.AdvanceAsync(TimeSpan.FromSeconds(1));
        });
        Assert.Contains("outside of", failed.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Options_out_of_range_are_refused_before_anything_runs()
    {
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(static () => Simulation.RunAsync(new() { Loss = 1.1 }, static _ => Task.CompletedTask));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(static () => Simulation.RunAsync(new() { Reorder = double.NaN }, static _ => Task.CompletedTask));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(static () => Simulation.RunAsync(new() { Runs = 0 }, static _ => Task.CompletedTask));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(static () => Simulation.RunAsync(new() { Latency = default }, static _ => Task.CompletedTask));
    }

    private static Task<SimulationException> FailsAsync(SimulationOptions options, Func<SimulatedWorld, Task> scenario) =>
        Assert.ThrowsAsync<SimulationException>(() => Simulation.RunAsync(options, scenario, TestContext.Current.CancellationToken));
}
