namespace Edge.Sync.LogModel.Small;

/// <summary>F22: things that are right; what becomes of them if somebody "simplifies".</summary>
public class F22KeepTests
{
    /// <summary>Causality before clocks: whoever saw a value and replaced it wins, whatever its clock says; by the clock alone it loses for every clock that is behind.</summary>
    [Fact]
    public void Causality_comes_before_clocks()
    {
        var lost = 0;
        for (var behind = 0; behind <= 5; behind++)
        {
            var world = new FleetWorld(new Scenario
            {
                Empty = RegisterDocument.Empty,
                WallClocks = [9, 9 - (2 * behind), 9, 0],
                Edits = static e => [new(OperationKind.Write, -1, e.Edit, ChangeSet.Of(e.Document.VisibleChanges))],
                Before = [Findings.Finding.Do(Act.Commit, 'A'), Findings.Finding.Do(Act.Send, 'A', 'B'), Findings.Finding.Do(Act.Commit, 'B')],
            });
            var file = world.Initial.Files[1]!;
            var changes = file.Held.Items.ToArray().Select(i => world.Universe[i]).ToArray();
            Assert.Equal("i", world.DocumentOf(file, 1).Visible);
            if (changes.MaxBy(static c => c.Time)!.Edit != 8) lost++;
        }
        Assert.True(lost > 0);
    }

    /// <summary>F23a: two files of one name and key, born apart, are one database; the id of a controlled one is that of its first record.</summary>
    [Fact]
    public void Open_database_is_named_by_its_name_and_key()
    {
        static string Id(string name, string key) => Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes($"open\0{name.Length}\0{name}{key}")));
        Assert.Equal(Id("default", ""), Id("default", ""));
        Assert.NotEqual(Id("default", "k"), Id("default", ""));
        Assert.NotEqual(Id("ab", "c"), Id("a", "bc"));
    }
}
