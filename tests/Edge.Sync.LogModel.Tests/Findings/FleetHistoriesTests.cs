using static Edge.Sync.LogModel.Findings.Finding;

namespace Edge.Sync.LogModel.Findings;

/// <summary>Every history of three members, one of them with authority, and of a copy of a file: by lazy delivery, whole up to a number of acts. Neither receipts nor syncs count as acts.</summary>
public class FleetHistoriesTests
{
    /// <summary>What can go wrong; without any there are edits, acceptances and folds.</summary>
    private static readonly Act[] s_faults = [.. OpenWorld.Faults, Act.CapClock];

    /// <summary>Up to two edits and two acceptances by each, a fold by each, and each fault once by whoever can.</summary>
    private static Scenario Of(IReadOnlyCollection<Act> faults)
    {
        var hasCopy = (byte)(faults.Contains(Act.Copy) ? 1 : 0);
        var budgets = new Dictionary<Act, byte[]>
        {
            [Act.Commit] = [2, 2, 2, (byte)(2 * hasCopy)],
            [Act.Acknowledge] = [2, 2, 2, (byte)(2 * hasCopy)],
            [Act.Fold] = [1, 1, 1, hasCopy],
            [Act.Copy] = [0, 1, 1],
            [Act.Crash] = [1, 1, 1, hasCopy],
            [Act.Expel] = [1],
            [Act.Reject] = [1],
            [Act.TakeBack] = [1],
            [Act.Backup] = [0, 1, 1],
            [Act.Restore] = [0, 1, 1],
            [Act.CapClock] = [0, 1, 1],
            [Act.Purge] = [0, 1, 1],
        };
        foreach (var act in s_faults)
            if (!faults.Contains(act)) budgets.Remove(act);
        if (!faults.Contains(Act.Restore)) budgets.Remove(Act.Backup);
        if (!faults.Contains(Act.Reject)) budgets.Remove(Act.TakeBack);
        return OpenWorld.Of("erasable text", 1) with { WallClocks = [9, 0, 0, 0], Budgets = budgets };
    }

    /// <summary>All hold a character; two of the three have accepted it.</summary>
    private static readonly Step[] s_accepted = [Do(Act.Commit, 'A'), Do(Act.Send, 'A', 'B'), Do(Act.Send, 'A', 'C'), Do(Act.Acknowledge, 'B'), Do(Act.Acknowledge, 'C')];

    public static TheoryData<string, string, int> Rows()
    {
        var rows = new TheoryData<string, string, int>();
        foreach (var (start, alone, together) in ((string, int, int)[])[("empty", 4, 3), ("accepted", 3, 2)])
        {
            rows.Add(start, string.Join('+', s_faults), together);
            foreach (var faults in Small.Choices.Subsets(s_faults))
                if (faults.Length is 1 or 2) rows.Add(start, string.Join('+', faults), faults.Length == 1 ? alone : together);
        }
        return rows;
    }

    /// <summary>Each fault alone, each two together, and all at once.</summary>
    [Theory]
    [MemberData(nameof(Rows))]
    public void Invariants_hold_in_every_history_of_so_many_acts(string start, string faults, int acts) =>
        HoldsFor(Of([.. faults.Split('+').Select(Enum.Parse<Act>)]) with { Before = start == "empty" ? [] : s_accepted }, acts + Bounds.Extra);

    public static TheoryData<string> Faults() => ["", .. s_faults.Where(static f => f != Act.Copy).Select(static f => f.ToString())];

    /// <summary>An edit, an acceptance and a fold each, alone and with each fault: whole where the bound is raised.</summary>
    [Theory]
    [MemberData(nameof(Faults))]
    public void Invariants_hold_in_every_history_of_three_members(string fault)
    {
        var scenario = Of(fault.Length == 0 ? [] : [Enum.Parse<Act>(fault)]);
        var budgets = new Dictionary<Act, byte[]>(scenario.Budgets) { [Act.Commit] = [1, 1, 1], [Act.Acknowledge] = [1, 1, 1] };
        var counter = OpenWorld.Of(fault == nameof(Act.Purge) ? "purged" : fault == nameof(Act.CapClock) ? "register" : "counter", 1);
        HoldsFor(counter with { WallClocks = scenario.WallClocks, Budgets = budgets }, Bounds.Extra == 0 ? 4 : int.MaxValue);
    }
}
