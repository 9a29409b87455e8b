using static Edge.Sync.LogModel.Findings.Finding;

namespace Edge.Sync.LogModel.Findings;

/// <summary>F23: writers that nobody knows yet.</summary>
public class F23NewcomerTests
{
    /// <summary>Members A, B, C hold a text whose last character is deleted; the newcomer D has an old file, and writes.</summary>
    private static readonly Scenario s_old = F01StabilityTests.Text with
    {
        HasNewcomer = true,
        Members = [0, 1],
        NeverReturning = [2],
        Before = [Do(Act.Commit, 'A'), Do(Act.Commit, 'A'), Do(Act.Send, 'A', 'D'), Do(Act.Commit, 'A', choice: 1), Do(Act.Send, 'A', 'B'), Do(Act.Acknowledge, 'B')],
        Budgets = new() { [Act.Commit] = [0, 0, 0, 1], [Act.Acknowledge] = [1, 1], [Act.Fold] = [1, 1] },
    };

    [Fact]
    public void Member_takes_in_an_unknown_feed_only_if_it_follows_all_that_the_member_acknowledged()
    {
        var world = s_old with { Links = Links("AB BD") };
        Fails(world with { Rules = new() { TakeInFollowsAcknowledged = false } }, "cannot be placed");
        Holds(world, mustFold: true);
    }

    [Fact]
    public void Feeds_that_a_member_acknowledged_join_the_computation_of_stability()
    {
        var world = s_old with
        {
            Before = s_old.Before[..^2],
            Budgets = new() { [Act.Commit] = [0, 0, 0, 1], [Act.Acknowledge] = [1, 1, 0, 1], [Act.Fold] = [1] },
            Links = Links("AB AD"),
        };
        Fails(world with { Rules = new() { NamedFeedsJoin = false } }, "cannot be placed");
        Holds(world, mustFold: true);
    }

    /// <summary>What one member took in before it acknowledged, and another may not take in any more.</summary>
    [Fact]
    public void Member_vouches_for_what_another_sets_aside_by_acknowledging_it()
    {
        var world = s_old with { Links = Links("AB AD") };
        Fails(world with { Rules = new() { AcknowledgesWhatIsSetAside = false } }, "stuck");
        Holds(world);
    }
}
