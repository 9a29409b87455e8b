using static Edge.Sync.LogModel.Findings.Finding;

namespace Edge.Sync.LogModel.Findings;

/// <summary>Everything at once, at random: what no single finding thought of.</summary>
public class OpenWorldTests
{
    /// <summary>Seeds that ended in logs that stayed different, or in equal logs that showed different states, when a fork had one branch that counted and work was issued again.</summary>
    private static readonly int[] s_onceBroken = [332, 836, 1141];

    public static TheoryData<string, string, string> Mixes()
    {
        var mixes = new TheoryData<string, string, string>();
        foreach (var faults in Small.Choices.Subsets([.. OpenWorld.Faults]))
            mixes.Add(faults.Contains(Act.Purge) ? "pair" : "counter", string.Join('+', faults), "");
        foreach (var kind in (string[])["text", "register", "set", "tree"])
            mixes.Add(kind, string.Join('+', OpenWorld.Faults.SkipLast(1)), "");
        foreach (var fault in OpenWorld.Faults.SkipLast(1))
            mixes.Add("text", fault.ToString(), "");
        foreach (var variant in (string[])["newcomer", "two seniors"])
            foreach (var faults in (string[])["", "Crash+Restore", "Expel", "Reject", "Expel+Reject", "Copy+Expel+Reject", "Copy+Restore+Crash+Expel+Reject"])
                mixes.Add("text", faults, variant);
        return mixes;
    }

    /// <summary>Every set of faults together, and each kind of document with all that concern it.</summary>
    [Theory]
    [MemberData(nameof(Mixes))]
    public void Invariants_hold_in_long_random_histories(string kind, string faults, string variant)
    {
        var acts = faults.Split('+', StringSplitOptions.RemoveEmptyEntries).Select(Enum.Parse<Act>).ToArray();
        var world = new FleetWorld(OpenWorld.Of(kind, 4, acts).With(variant));
        var (actions, found) = SeededWalk.Explore(world, Bounds.FirstSeed, Bounds.SeedCount, OpenWorld.LengthMax, foundMax: Bounds.FoundMax);
        foreach (var seed in s_onceBroken)
        {
            var (more, broken) = SeededWalk.Explore(world, seed, 1, OpenWorld.LengthMax, foundMax: 1);
            actions += more;
            found.AddRange(broken);
        }
        Print($"{kind} {faults} {variant}: seeds {Bounds.FirstSeed} to {Bounds.FirstSeed + Bounds.SeedCount - 1} and {string.Join(", ", s_onceBroken)}: {actions:N0} states, {world.FoldCount:N0} folds, {found.Count} found");
        Assert.True(found.Count == 0, string.Join(Environment.NewLine, found));
    }
}
