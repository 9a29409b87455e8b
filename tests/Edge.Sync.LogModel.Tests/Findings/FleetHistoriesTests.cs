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

    /// <summary>A and B have deleted a character and accepted that; C has not heard of it.</summary>
    private static readonly Step[] s_behind =
    [
        Do(Act.Commit, 'A'), Do(Act.Commit, 'A'), Do(Act.Send, 'A', 'B'), Do(Act.Send, 'A', 'C'), Do(Act.Commit, 'A', choice: 1), Do(Act.Send, 'A', 'B'),
        Do(Act.Acknowledge, 'B'), Do(Act.Send, 'B', 'A'), Do(Act.Acknowledge, 'A'),
    ];

    public static TheoryData<string, string> Alone { get; } = Rows(1);

    public static TheoryData<string, string> Together { get; } = Rows(2);

    [Theory]
    [MemberData(nameof(Alone))]
    public void Invariants_hold_in_every_short_history_with_a_fault(string start, string faults) => HoldsFrom(start, faults, 4);

    [Theory]
    [MemberData(nameof(Together))]
    public void Invariants_hold_in_every_short_history_with_two_faults(string start, string faults) => HoldsFrom(start, faults, 3);

    [Theory]
    [InlineData("empty")]
    [InlineData("behind")]
    public void Invariants_hold_in_every_short_history_with_all_faults(string start) => HoldsFrom(start, string.Join('+', s_faults), 3);

    private static void HoldsFrom(string start, string faults, int acts)
    {
        var scenario = Of([.. faults.Split('+').Select(Enum.Parse<Act>)]);
        if (start == "empty") HoldsFor(scenario, acts + Bounds.Extra);
        else HoldsFor(scenario with { Before = s_behind }, acts - 1 + Bounds.Extra);
    }

    private static TheoryData<string, string> Rows(int faultCount)
    {
        var rows = new TheoryData<string, string>();
        foreach (var start in (string[])["empty", "behind"])
            foreach (var faults in Small.Choices.Subsets(s_faults))
                if (faults.Length == faultCount) rows.Add(start, string.Join('+', faults));
        return rows;
    }

    public static TheoryData<string> Faults() => ["", .. s_faults.Select(static f => f.ToString())];

    /// <summary>An edit by each but the one with authority, an acceptance by each, a fold by two, alone and with each fault: whole where the bound is raised.</summary>
    [Theory]
    [MemberData(nameof(Faults))]
    public void Invariants_hold_in_every_history_of_a_small_fleet(string fault)
    {
        var faults = fault.Length == 0 ? Array.Empty<Act>() : [Enum.Parse<Act>(fault)];
        // The copy writes in the place of B, and is one more to accept.
        var hasCopy = faults.Contains(Act.Copy);
        var budgets = new Dictionary<Act, byte[]>(Of(faults).Budgets)
        {
            [Act.Commit] = hasCopy ? [0, 0, 1, 1] : [0, 1, 1],
            [Act.Acknowledge] = [1, 1, 1, (byte)(hasCopy ? 1 : 0)],
            [Act.Fold] = hasCopy ? [1] : [1, 1],
            [Act.Copy] = hasCopy ? [0, 0, 1] : [],
            [Act.CapClock] = faults.Contains(Act.CapClock) ? [1, 1] : [],
        };
        var world = OpenWorld.Of(fault switch { nameof(Act.Purge) => "purged", nameof(Act.CapClock) => "register", _ => "counter" }, 1);
        HoldsFor(world with { WallClocks = [0, 0, 9, 0], Budgets = budgets }, Bounds.Extra == 0 ? 4 : int.MaxValue);
    }
}
