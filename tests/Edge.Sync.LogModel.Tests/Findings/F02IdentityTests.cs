using static Edge.Sync.LogModel.Findings.Finding;

namespace Edge.Sync.LogModel.Findings;

/// <summary>F2: counters do not identify content.</summary>
public class F02IdentityTests
{
    private static readonly Scenario s_clone = new()
    {
        Before = [Do(Act.Copy, 'C', 'D')],
        Budgets = new() { [Act.Commit] = [0, 0, 1, 1], [Act.Acknowledge] = [1, 1, 0], [Act.Copy] = [0] },
        Links = Links("AB AC BD"),
    };

    /// <summary>Two branches under one dot: whoever compares counters takes two logs for equal that are not.</summary>
    [Fact]
    public void Have_and_want_compare_ids()
    {
        Fails(s_clone with { Rules = new() { ComparesIds = false } }, "");
        Holds(s_clone);
    }

    /// <summary>Of two changes that bear one dot both have effect, as long as nobody has accepted one without the other.</summary>
    [Fact]
    public void Every_branch_of_a_fork_counts_under_a_name_of_its_own()
    {
        var world = s_clone with { Budgets = new() { [Act.Commit] = [0, 0, 2, 1] } };
        Fails(world with { Rules = new() { EveryBranchCounts = false } }, "lost");
        Holds(world);
    }
}
