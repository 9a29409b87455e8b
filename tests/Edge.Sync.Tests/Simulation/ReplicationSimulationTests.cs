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
        var options = Mix(seed) with { Replicas = 5 };
        var world = Run(options);
        Assert.True(world.Edits > 100);
        Assert.True(world.Purges > 0);
        Assert.True(options.Loss < 0.01 || world.FramesLost > 0);
        Assert.True(options.Duplicate < 0.01 || world.FramesDuplicated > 0);
    }

    /// <summary>With more than two, a change that one link lost comes over another: two have only each other.</summary>
    [Theory]
    [MemberData(nameof(Seeds))]
    public void Two_replicas_recover_every_lost_frame_by_themselves(int seed)
    {
        var world = Run(Mix(seed) with { Replicas = 2, Steps = 60, Loss = 0.4, CrashPerStep = 0 });
        Assert.True(world.FramesLost > 0);
    }

    /// <summary>Files are copied while their originals go on, and rolled back, and copies are copied again.</summary>
    [Theory]
    [MemberData(nameof(Seeds))]
    public void Copies_and_restored_backups_lose_nothing_and_count_nothing_twice(int seed)
    {
        var mix = new Random(seed * 31);
        var world = Run(Mix(seed) with { Replicas = 1 + mix.Next(3), Steps = 150 + mix.Next(150), CopiesMax = 1 + mix.Next(5), CopyPerStep = 0.03, RestorePerStep = mix.Next(2) * 0.03, EveryType = mix.Next(3) == 0 });
        TestContext.Current.TestOutputHelper?.WriteLine($"{world.Copies} copies, {world.Restores} restored, {world.Branches} branches");
        Assert.True(world.Copies > 0);
    }

    /// <summary>Whoever rejects knows a part of the world only; others build on what is rejected, reject rejections, and copy their files. What counts is the same everywhere in the end, once.</summary>
    [Theory]
    [MemberData(nameof(Seeds))]
    public void Rejections_reach_every_replica_through_chaos_and_void_the_same_everywhere(int seed)
    {
        var mix = new Random(seed * 17);
        var world = Run(Mix(seed) with { Replicas = 2 + (seed % 4), Steps = 250, RejectPerStep = 0.06, EveryType = seed % 2 == 0, CopiesMax = mix.Next(3) });
        TestContext.Current.TestOutputHelper?.WriteLine($"{world.Rejections} rejections, {world.VoidEdits} void edits");
        Assert.True(world.Rejections > 2 && world.VoidEdits > 0);
    }

    /// <summary>Keys are lost and doubled on the way as changes are, and come in the end; those of forgotten documents are gone everywhere.</summary>
    [Theory]
    [MemberData(nameof(Seeds))]
    public void Keys_reach_every_replica_through_chaos_and_forgotten_ones_none(int seed)
    {
        var world = Run(Mix(seed) with { Replicas = 2 + (seed % 4), PatientsPerEdit = 0.7, ForgetPerStep = 0.01 });
        Assert.True(world.Edits > 50);
        Assert.True(world.Forgets > 0);
    }

    /// <summary>Whatever is evicted, by however many at once, is at a keeper: in the end everything comes back, on every replica.</summary>
    [Theory]
    [MemberData(nameof(Seeds))]
    public void Evicted_documents_come_back_through_chaos_and_the_last_copy_is_never_dropped(int seed)
    {
        // A copied file has no keys beside it: either the one or the other.
        var options = Mix(seed) with { Replicas = 3 + (seed % 4), EvictPerStep = 0.3, PurgePerStep = 0.01, RejectPerStep = seed % 3 == 0 ? 0.02 : 0 };
        var world = Run(seed % 2 == 0 ? options with { PatientsPerEdit = 0.4, ForgetPerStep = 0.003 } : options with { CopiesMax = 1 + (seed % 3), CopyPerStep = 0.01 });
        TestContext.Current.TestOutputHelper?.WriteLine($"{world.Evictions} evictions, {world.Fetches} wanted back, {world.HollowDeletions} deleted meanwhile, {world.Copies} copies");
        Assert.True(world.Evictions > 0 && world.Fetches > 0);
    }

    // The seed is part of the test's name: a failure prints it. Each seed draws its own mix of faults.
    private static SimulationOptions Mix(int seed)
    {
        var mix = new Random(seed);
        return new()
        {
            Seed = seed,
            Loss = mix.NextDouble() * 0.3,
            Duplicate = mix.NextDouble() * 0.3,
            LatencyMsMax = mix.Next(2, 3_000),
            PartitionPerStep = mix.NextDouble() * 0.05,
            CrashPerStep = mix.NextDouble() * 0.05,
        };
    }

    private static SimulatedWorld Run(SimulationOptions options)
    {
        var world = new SimulatedWorld(options);
        try { world.Run(); }
        catch (Exception e) { throw new InvalidOperationException($"Seed {options.Seed} failed. Repeat it with EDGE_SYNC_SEED={options.Seed}. {options}", e); }
        TestContext.Current.TestOutputHelper?.WriteLine($"{world.Edits} edits, {world.RefusedEdits} refused after {world.Purges} purges, {world.LostEdits} of them lost in {world.Crashes} power cuts, {world.FramesLost} frames lost, {world.FramesDuplicated} doubled");
        return world;
    }
}
