using Edge.Sync.Tests.Database;
using Edge.Sync.Tests.Documents.Types;

namespace Edge.Sync.Tests.Undo;

/// <summary>Undo of list edits as an app uses it: elements come back as themselves, at their place.</summary>
public sealed class ListUndoTests
{
    private static readonly DocumentId s_plant = DocumentId.Named("plant 1");

    [Fact]
    public async Task Every_kind_of_list_edit_is_undone_and_redone_across_a_restart()
    {
        using var folder = new TempFolder();
        string[] shown = ["a b c", "x b c", "x c", "c x", "c x d"];
        await using (var db = await EdgeDatabase.OpenAsync(folder["a.db"]))
        {
            await db.Documents<Plant>().EditAsync(s_plant, static p => { p.Plan.Add("a"); p.Plan.Add("b"); p.Plan.Add("c"); });
            var plants = db.Documents<Plant>().With(new EditOptions { Undo = db.CreateUndoHistory("board") });
            Action<Plant>[] edits = [static p => p.Plan[0] = "x", static p => p.Plan.RemoveAt(1), static p => p.Plan.Move(1, 0), static p => p.Plan.Add("d")];
            Assert.Equal(shown[0], await Show(db));
            for (var i = 0; i < edits.Length; i++)
            {
                await plants.EditAsync(s_plant, edits[i]);
                Assert.Equal(shown[i + 1], await Show(db));
            }
        }

        await using var reopened = await EdgeDatabase.OpenAsync(folder["a.db"]);
        var undo = reopened.CreateUndoHistory("board");
        for (var i = shown.Length - 2; i >= 0; i--)
        {
            Assert.Empty((await undo.UndoAsync()).Obstacles);
            Assert.Equal(shown[i], await Show(reopened));
        }
        Assert.False((await undo.UndoAsync()).Changed);
        for (var i = 1; i < shown.Length; i++)
        {
            Assert.Empty((await undo.RedoAsync()).Obstacles);
            Assert.Equal(shown[i], await Show(reopened));
        }
        await Rebuilding.AssertEqualAsync(reopened);
    }

    [Fact]
    public async Task Undone_deletion_brings_the_element_back_before_what_a_peer_put_behind_it()
    {
        using var folder = new TempFolder();
        await using var alice = await EdgeDatabase.OpenAsync(folder["alice.db"]);
        await using var bob = await EdgeDatabase.OpenAsync(folder["bob.db"]);
        await alice.Documents<Plant>().EditAsync(s_plant, static p => { p.Plan.Add("a"); p.Plan.Add("b"); p.Plan.Add("c"); });
        await Exchange.MergeAsync(alice, bob);

        var undo = alice.CreateUndoHistory("board");
        await alice.Documents<Plant>().With(new EditOptions { Undo = undo }).EditAsync(s_plant, static p => p.Plan.RemoveAt(2));
        await bob.Documents<Plant>().EditAsync(s_plant, static p => p.Plan.Add("d"));
        await Exchange.MergeAsync(alice, bob);
        Assert.Equal("a b d", await Show(alice));

        await undo.UndoAsync();
        await Exchange.MergeAsync(alice, bob);
        Assert.Equal("a b c d", await Show(alice));
        Assert.Equal("a b c d", await Show(bob));
        await Rebuilding.AssertEqualAsync(alice);
        await Rebuilding.AssertEqualAsync(bob);
    }

    private static async Task<string> Show(EdgeDatabase db) => string.Join(' ', (await db.Documents<Plant>().FindAsync(s_plant))!.Plan);
}
