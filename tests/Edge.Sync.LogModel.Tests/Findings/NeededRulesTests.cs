using static Edge.Sync.LogModel.Findings.Finding;

namespace Edge.Sync.LogModel.Findings;

/// <summary>Rules whose lack needs several acts together to do harm, each with a seed that shows it.</summary>
public class NeededRulesTests
{
    public static TheoryData<string, string, string, int> Rows { get; } = new()
    {
        { nameof(Rules.CompactsSettledOnly), "text", "", 28 },
        { nameof(Rules.ComparesIds), "text", "", 2 },
        { nameof(Rules.EveryBranchCounts), "counter", "", 2 },
        { nameof(Rules.VoidNotExcised), "text", "", 4 },
        { nameof(Rules.AcceptanceBinds), "counter", "", 36 },
        { nameof(Rules.OutStaysOut), "text", "Expel", 447 },
        { nameof(Rules.NothingIsIssuedAgain), "counter", "", 2 },
        { nameof(Rules.StampsAsWritten), "register", "", 1 },
        { nameof(Rules.NothingLeavesUnsynced), "counter", "", 4 },
        { nameof(Rules.FoldSyncsFirst), "counter", "", 1168 },
        { nameof(Rules.PurgeNamesDocument), "pair", "", 78 },
        { nameof(Rules.ErasuresStand), "pair", "", 7 },
        { nameof(Rules.ErasesSyncedOnly), "pair", "", 6 },
        { nameof(Rules.OnlyAcceptancesBind), "counter", "", 4 },
        { nameof(Rules.NamedFeedsJoin), "text", "", 28 },
        { nameof(Rules.AcknowledgesWhatIsSetAside), "counter", "", 1 },
        { nameof(Rules.BranchesParticipate), "text", "Copy", 311 },
        { nameof(Rules.TakeInFollowsAcknowledged), "text", "Restore", 1952 },
        { nameof(Rules.DepthBeforeTime), "tree", "Crash", 1465 },
        { nameof(Rules.RemovalsStandThroughVoid), "register", "Reject", 2148 },
    };

    [Theory]
    [MemberData(nameof(Rows))]
    public void Without_a_rule_some_history_fails(string rule, string kind, string faults, int seed)
    {
        var world = new FleetWorld(OpenWorld.Of(kind, 4, faults.Length == 0 ? null : [.. faults.Split('+').Select(Enum.Parse<Act>)]) with { Rules = Without(rule) });
        var (states, found) = SeededWalk.Explore(world, seed, Bounds.HuntSeedCount, OpenWorld.LengthMax, foundMax: 1);
        Print($"without {rule}: after {states:N0} states: {found.FirstOrDefault()}");
        Assert.NotEmpty(found);
    }

    private static Rules Without(string rule) => rule switch
    {
        nameof(Rules.CompactsSettledOnly) => new() { CompactsSettledOnly = false },
        nameof(Rules.ComparesIds) => new() { ComparesIds = false },
        nameof(Rules.EveryBranchCounts) => new() { EveryBranchCounts = false },
        nameof(Rules.BranchesParticipate) => new() { BranchesParticipate = false },
        nameof(Rules.VoidNotExcised) => new() { VoidNotExcised = false },
        nameof(Rules.RemovalsStandThroughVoid) => new() { RemovalsStandThroughVoid = false },
        nameof(Rules.AcceptanceBinds) => new() { AcceptanceBinds = false },
        nameof(Rules.OutStaysOut) => new() { OutStaysOut = false },
        nameof(Rules.NothingIsIssuedAgain) => new() { NothingIsIssuedAgain = false },
        nameof(Rules.DepthBeforeTime) => new() { DepthBeforeTime = false },
        nameof(Rules.StampsAsWritten) => new() { StampsAsWritten = false },
        nameof(Rules.NothingLeavesUnsynced) => new() { NothingLeavesUnsynced = false },
        nameof(Rules.FoldSyncsFirst) => new() { FoldSyncsFirst = false },
        nameof(Rules.PurgeNamesDocument) => new() { PurgeNamesDocument = false },
        nameof(Rules.ErasuresStand) => new() { ErasuresStand = false },
        nameof(Rules.ErasesSyncedOnly) => new() { ErasesSyncedOnly = false },
        nameof(Rules.TakeInFollowsAcknowledged) => new() { TakeInFollowsAcknowledged = false },
        nameof(Rules.OnlyAcceptancesBind) => new() { OnlyAcceptancesBind = false },
        nameof(Rules.NamedFeedsJoin) => new() { NamedFeedsJoin = false },
        nameof(Rules.AcknowledgesWhatIsSetAside) => new() { AcknowledgesWhatIsSetAside = false },
        _ => throw new ArgumentOutOfRangeException(nameof(rule)),
    };
}
