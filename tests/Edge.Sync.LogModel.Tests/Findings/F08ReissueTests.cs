using static Edge.Sync.LogModel.Findings.Finding;

namespace Edge.Sync.LogModel.Findings;

/// <summary>F8: a copy, a restored backup and a rebase give one act a second identity.</summary>
public class F08ReissueTests
{
    /// <summary>C wrote before it was copied; some of that has left it.</summary>
    private static readonly Scenario s_clone = new()
    {
        Before = [Do(Act.Commit, 'C')],
        Budgets = new() { [Act.Commit] = [0, 0, 1, 1], [Act.Copy] = [0, 0, 1], [Act.Acknowledge] = [1] },
        Links = Links("AB AC BD"),
    };

    /// <summary>The golden image: +9 written before the copy stays +9.</summary>
    [Fact]
    public void Work_from_before_a_copy_keeps_its_ids()
    {
        Fails(s_clone with { Rules = new() { OldWorkKeepsIds = false, ReissueNamesReplaced = false } }, "double counting");
        Holds(s_clone);
    }

    [Fact]
    public void Reissue_names_what_it_replaces()
    {
        Fails(s_clone with { Rules = new() { ReissueNamesReplaced = false } }, "");
        Holds(s_clone);
    }

    [Fact]
    public void Session_compares_own_feeds_before_it_sends_own_changes()
    {
        var world = s_clone with { Property = NobodyWritesAForkedFeed };
        Fails(world with { Rules = new() { ComparesOwnFeed = false } }, "goes on");
        Holds(world);
    }

    /// <summary>A stray copy with a lower id turns up after a branch was acknowledged by all, and folded by some.</summary>
    [Fact]
    public void Branch_that_a_member_acknowledged_keeps_the_dots()
    {
        var world = new Scenario
        {
            Before = [Do(Act.Copy, 'C', 'D'), Do(Act.Commit, 'C'), Do(Act.Send, 'C', 'A'), Do(Act.Send, 'C', 'B'), Do(Act.Acknowledge, 'B'), Do(Act.Send, 'B', 'A'), Do(Act.Acknowledge, 'A')],
            Budgets = new() { [Act.Commit] = [0, 0, 0, 1], [Act.Fold] = [1], [Act.Acknowledge] = [0, 1] },
            Links = Links("AB AC CD"),
        };
        Fails(world with { Rules = new() { AcknowledgedBranchWins = false } }, "different states");
        Fails(world with { Rules = new() { FirstAcknowledgementCounts = false } }, "different states");
        Holds(world, mustFold: true);
    }

    /// <summary>A backup that is older than what was sent: the replica learns it from the first peer, and loses nothing.</summary>
    [Fact]
    public void Restored_backup_goes_on_under_a_fresh_feed()
    {
        var world = new Scenario
        {
            Members = [0, 1],
            NeverReturning = [2],
            Before = [Do(Act.Commit, 'A'), Do(Act.Backup, 'A')],
            Budgets = new() { [Act.Commit] = [2, 1], [Act.Restore] = [1], [Act.Acknowledge] = [1, 2], [Act.Fold] = [1, 1] },
            Links = Links("AB"),
        };
        HoldsUpTo(25_000, world);
    }

    /// <summary>Once two machines have seen that they write one feed, neither does.</summary>
    private static string? NobodyWritesAForkedFeed(FleetWorld world, Fleet fleet)
    {
        foreach (var file in fleet.Files)
        {
            if (file is null) continue;
            var own = file.Held.Items.ToArray().Select(i => world.Universe[i]).Where(c => c.Feed == file.Self).ToList();
            if (own.Exists(a => own.Exists(b => a != b && a.Counter == b.Counter))) return $"a replica goes on with feed {Universe.NameOf(file.Self)}, of which it holds two branches";
        }
        return null;
    }
}
