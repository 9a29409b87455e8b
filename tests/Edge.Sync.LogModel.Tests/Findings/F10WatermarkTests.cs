using static Edge.Sync.LogModel.Findings.Finding;

namespace Edge.Sync.LogModel.Findings;

/// <summary>F10: a device that sends what a power cut can take back forks itself.</summary>
public class F10WatermarkTests
{
    [Fact]
    public void Nothing_leaves_the_device_beyond_the_synced_watermark()
    {
        var world = new Scenario { Budgets = new() { [Act.Commit] = [2, 1, 1], [Act.Crash] = [1, 1] } };
        Fails(world with { Rules = new() { NothingLeavesUnsynced = false } }, "self-fork");
        Holds(world);
    }

    /// <summary>An acknowledgement leaves the device too: others fold on its word.</summary>
    [Fact]
    public void Acknowledgement_that_a_power_cut_takes_back_is_never_given()
    {
        var world = new Scenario { Budgets = new() { [Act.Commit] = [1], [Act.Acknowledge] = [1, 2, 1], [Act.Crash] = [0, 1], [Act.Fold] = [1] } };
        Fails(world with { Rules = new() { NothingLeavesUnsynced = false } }, "");
        Holds(world, mustFold: true);
    }
}
