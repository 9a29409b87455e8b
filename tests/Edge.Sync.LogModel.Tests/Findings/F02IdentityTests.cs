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
        Fails(s_clone with { Rules = new() { ComparesIds = false, ComparesOwnFeed = false } }, "");
        Holds(s_clone);
    }

    /// <summary>Of two changes that bear one dot, at most one has effect.</summary>
    [Fact]
    public void Fork_is_contained()
    {
        var world = s_clone with { Property = OneTruthPerDot };
        Fails(world with { Rules = new() { ForksContained = false } }, "one dot");
        Holds(world);
    }

    internal static string? OneTruthPerDot(FleetWorld world, Fleet fleet)
    {
        foreach (var file in fleet.Files)
        {
            if (file is null) continue;
            var effective = file.Held.Items.ToArray().Where(i => !world.IsVoid(file, i)).Select(i => world.Universe[i]);
            if (effective.GroupBy(static c => (c.Feed, c.Counter)).FirstOrDefault(static g => g.Count() > 1) is { } truths) return $"two changes with effect under one dot: {string.Join(' ', truths)}";
        }
        return null;
    }
}
