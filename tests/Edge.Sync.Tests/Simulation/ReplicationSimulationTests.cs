using System.Globalization;

namespace Edge.Sync.Tests.Simulation;

public class ReplicationSimulationTests
{
    /// <summary>Each run takes this many seeds; <c>EDGE_SYNC_SEED</c> runs one, <c>EDGE_SYNC_SEEDS</c> a number of them.</summary>
    private const int SeedCount = 30;

    public static TheoryData<int> Seeds()
    {
        var seeds = new TheoryData<int>();
        if (int.TryParse(Environment.GetEnvironmentVariable("EDGE_SYNC_SEED"), CultureInfo.InvariantCulture, out var seed)) seeds.Add(seed);
        else foreach (var number in Enumerable.Range(1, int.TryParse(Environment.GetEnvironmentVariable("EDGE_SYNC_SEEDS"), CultureInfo.InvariantCulture, out var count) ? count : SeedCount)) seeds.Add(number);
        return seeds;
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Five_replicas_after_chaos_are_equal_and_miss_nothing_acknowledged(int seed)
    {
        // The seed is the test's name: a failure prints it. Each seed also draws its own mix of faults.
        var mix = new Random(seed);
        var options = new SimulationOptions
        {
            Seed = seed,
            Loss = mix.NextDouble() * 0.3,
            Duplicate = mix.NextDouble() * 0.3,
            LatencyMsMax = mix.Next(2, 3_000),
            PartitionPerStep = mix.NextDouble() * 0.05,
            CrashPerStep = mix.NextDouble() * 0.05,
        };
        var world = new SimulatedWorld(options);
        try { world.Run(); }
        catch (Exception e) { throw new InvalidOperationException($"Seed {seed} failed. Repeat it with EDGE_SYNC_SEED={seed}. {options}", e); }
        Assert.True(world.Edits > 100);
        Assert.True(options.Loss < 0.01 || world.FramesLost > 0);
        Assert.True(options.Duplicate < 0.01 || world.FramesDuplicated > 0);
    }
}
