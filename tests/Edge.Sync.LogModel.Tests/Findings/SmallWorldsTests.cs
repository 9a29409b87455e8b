using static Edge.Sync.LogModel.Findings.Finding;

namespace Edge.Sync.LogModel.Findings;

/// <summary>
/// Every interleaving, whole where the bound is raised: two members, one of them with authority, the other copied where that is among the faults, with an edit, an acceptance and a fold each; each fault alone, and each two together.
/// </summary>
public class SmallWorldsTests
{
    private const int ActsByDefault = 5;

    public static TheoryData<string> Pairs()
    {
        var pairs = new TheoryData<string>();
        foreach (var faults in Small.Choices.Subsets([.. OpenWorld.Faults]))
            if (faults.Length is 1 or 2) pairs.Add(string.Join('+', faults));
        return pairs;
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public void Invariants_hold_in_every_history(string faults)
    {
        var acts = faults.Split('+').Select(Enum.Parse<Act>).ToArray();
        var scenario = OpenWorld.Of(acts.Contains(Act.Purge) ? "purged" : "counter", 1, acts);
        var budgets = new Dictionary<Act, byte[]>
        {
            [Act.Commit] = [(byte)(acts.Contains(Act.Copy) ? 0 : 1), 1, 0, 1],
            [Act.Acknowledge] = [1, 1, 0, 1],
            [Act.Fold] = [1, (byte)(acts.Contains(Act.Copy) ? 0 : 1)],
            [Act.Crash] = [0, 1],
            [Act.Expel] = [1],
            [Act.Reject] = [1],
            [Act.Copy] = [0, 1],
            [Act.Backup] = [0, 1],
            [Act.Restore] = [0, 1],
            [Act.Purge] = [0, 1],
        };
        foreach (var act in budgets.Keys.ToArray())
            if (!scenario.Budgets.ContainsKey(act) || (act == Act.Backup && !acts.Contains(Act.Restore))) budgets.Remove(act);
        HoldsFor(scenario with { Members = [0, 1], NeverReturning = [2], Links = Links("AB AD BD"), Budgets = budgets }, Bounds.Extra == 0 ? ActsByDefault : int.MaxValue);
    }
}
