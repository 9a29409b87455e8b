using Edge.Sync.Tests.Crdts.Subjects;

namespace Edge.Sync.Tests.Crdts.Laws;

public sealed class HistoryExplorerTests(ITestOutputHelper output)
{
    public static TheoryData<string> Subjects => [.. AllSubjects.All.Select(s => s.Name)];

    [Theory, MemberData(nameof(Subjects))]
    public void Every_small_history_converges_to_the_defined_value(string name)
    {
        // As many edits as stay within some seconds for all types together, given how many different ones the type has.
        var subject = AllSubjects.All.Single(s => s.Name == name);
        var (editsMax, joinEditsMax) = subject.ExploredIntents.Count() switch
        {
            <= 2 => (4, 4),
            <= 6 => (4, 3),
            _ => (3, 3),
        };
        var explorer = new HistoryExplorer(subject, editsMax, joinEditsMax);
        explorer.Run();
        output.WriteLine($"{name}, {editsMax} edits: {explorer.HistoryCount:N0} histories, {explorer.InterleavingCount:N0} interleavings, {explorer.DeliveryCount:N0} deliveries, {explorer.JoinCount:N0} joins of states");
        Assert.True(explorer.HistoryCount > 20);
        Assert.True(explorer.InterleavingCount > explorer.HistoryCount);
    }
}
