using Edge.Sync.Tests.Crdts.Subjects;

namespace Edge.Sync.Tests.Crdts.Laws;

public sealed class HistoryExplorerTests(ITestOutputHelper output)
{
    public static TheoryData<string> Subjects => [.. AllSubjects.All.Select(s => s.Name)];

    [Theory, MemberData(nameof(Subjects))]
    public void Every_small_history_converges_to_the_defined_value(string name)
    {
        var explorer = HistoryExplorer.Of(AllSubjects.All.Single(s => s.Name == name));
        explorer.Run();
        output.WriteLine($"{name}, {explorer.EditsMax} edits: {explorer.HistoryCount:N0} histories, {explorer.InterleavingCount:N0} interleavings, {explorer.DeliveryCount:N0} deliveries, {explorer.JoinCount:N0} joins of states");
        Assert.True(explorer.HistoryCount > 20);
        Assert.True(explorer.InterleavingCount > explorer.HistoryCount);
    }
}
