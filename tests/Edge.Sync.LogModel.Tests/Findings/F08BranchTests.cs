using static Edge.Sync.LogModel.Findings.Finding;

namespace Edge.Sync.LogModel.Findings;

/// <summary>F8: a copy and a restored backup go on as branches, and no act gets a second identity.</summary>
public class F08BranchTests
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
    public void Nothing_is_issued_again()
    {
        Fails(s_clone with { Rules = new() { NothingIsIssuedAgain = false } }, "double counting");
        Holds(s_clone);
    }

    [Fact]
    public void File_that_finds_its_feed_forked_writes_under_a_fresh_one()
    {
        var world = s_clone with { Property = NobodyWritesAForkedFeed };
        Fails(world with { Rules = new() { ForkedFeedIsLeft = false } }, "goes on");
        Holds(world);
    }

    /// <summary>Both branches are known, and one of them has accepted less than the other.</summary>
    [Fact]
    public void Fold_waits_for_every_branch()
    {
        var world = F01StabilityTests.Text with
        {
            Members = [0, 2],
            Before = [.. F01StabilityTests.Text.Before, Do(Act.Copy, 'C', 'D'), Do(Act.Commit, 'A', choice: 1), Do(Act.Send, 'A', 'C'), Do(Act.Acknowledge, 'C'), Do(Act.Send, 'C', 'A')],
            Budgets = new() { [Act.Commit] = [0, 0, 0, 2], [Act.Acknowledge] = [2, 0, 1], [Act.Fold] = [1] },
            NeverReturning = [1],
            Links = Links("AC AD"),
        };
        Fails(world with { Rules = new() { BranchesParticipate = false } }, "");
        Holds(world, mustFold: true);
    }

    /// <summary>A fresh feed that says what it goes on from is no newcomer: what it wrote before it heard of others' acceptances is not late.</summary>
    [Fact]
    public void Fresh_feed_names_the_change_that_it_goes_on_from()
    {
        var world = new Scenario
        {
            Before =
            [
                Do(Act.Commit, 'C'), Do(Act.Copy, 'C', 'D'), Do(Act.Commit, 'C'), Do(Act.Commit, 'D'), Do(Act.Send, 'D', 'C'), Do(Act.Send, 'C', 'D'),
                Do(Act.Send, 'C', 'A'), Do(Act.Commit, 'B'),
            ],
            Budgets = new() { [Act.Commit] = [0, 0, 2], [Act.Acknowledge] = [1, 0, 1] },
            Links = Links("AB AC"),
            Property = NothingIsSetAside,
        };
        Fails(world with { Rules = new() { FreshFeedsGoOn = false } }, "set aside");
        Holds(world);
    }

    /// <summary>A backup that is older than what was sent: the replica learns it from the first peer, and loses nothing.</summary>
    [Fact]
    public void Restored_backup_goes_on_as_a_branch()
    {
        var world = new Scenario
        {
            Members = [0, 1],
            NeverReturning = [2],
            Before = [Do(Act.Commit, 'A'), Do(Act.Backup, 'A')],
            Budgets = new() { [Act.Commit] = [2, 1], [Act.Restore] = [1], [Act.Acknowledge] = [1, 2], [Act.Fold] = [1, 1] },
            Links = Links("AB"),
        };
        HoldsFor(world, Bounds.Extra == 0 ? 6 : int.MaxValue);
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

    private static string? NothingIsSetAside(FleetWorld world, Fleet fleet) =>
        fleet.Files.Any(static f => f is not null && !f.Aside.IsEmpty) ? "an edit of a device that nobody has put out is set aside" : null;
}
