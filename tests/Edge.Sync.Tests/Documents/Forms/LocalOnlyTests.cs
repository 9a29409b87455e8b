#pragma warning disable ES0001 // Writes to a snapshot, to see it refused.

using System.Text;
using Edge.Sync.Tests.Database;

namespace Edge.Sync.Tests.Documents.Forms;

/// <summary>What is local stays on the device, survives there, and is in queries, live queries and undo.</summary>
public sealed class LocalOnlyTests
{
    private static readonly DocumentId s_id = DocumentId.Named("n");

    [Fact]
    public async Task Local_fields_are_in_no_change_and_reach_no_peer()
    {
        using var folder = new TempFolder();
        await using var alice = await EdgeDatabase.OpenAsync(folder["a.db"]);
        await using var bob = await EdgeDatabase.OpenAsync(folder["b.db"]);
        await alice.Documents<Note>().EditAsync(s_id, static n =>
        {
            n.Text = "shared";
            n.Pinned = true;
            n.Color = "secret-color";
            n.Scratch.Append("secret-scratch");
            n.Seen.Add("secret-seen");
            n.Lines.Add(new Line { Text = "secret-line" });
        });
        await alice.Documents<Note>().EditAsync(s_id, static n => n.Lines[0].Done = true);
        foreach (var change in await Exchange.ReadAllAsync(alice))
            Assert.DoesNotContain("secret", Encoding.UTF8.GetString(change.Bytes.Span), StringComparison.Ordinal);
        await Exchange.MergeAsync(alice, bob);
        Assert.Equal("shared||white|False||0", await Show(bob));
        await bob.Documents<Note>().EditAsync(s_id, static n => { n.Text = "both"; n.Color = "blue"; });
        await Exchange.MergeAsync(alice, bob);
        Assert.Equal("both|secret-scratch|secret-color|True|secret-seen|1", await Show(alice));
        Assert.Equal("both||blue|False||0", await Show(bob));
        await Rebuilding.AssertEqualAsync(alice);
    }

    [Fact]
    public async Task Edit_of_local_fields_alone_is_no_change_and_wakes_watchers()
    {
        using var folder = new TempFolder();
        await using var db = await EdgeDatabase.OpenAsync(folder["a.db"]);
        await db.Documents<Note>().EditAsync(s_id, static n => n.Text = "a");
        var before = await db.GetVersionAsync();
        await using var watch = db.Documents<Note>().Where(static n => n.Pinned).WatchAsync().GetAsyncEnumerator(TestContext.Current.CancellationToken);
        Assert.True(await watch.MoveNextAsync());
        Assert.Empty(watch.Current);
        Assert.Null((await db.Documents<Note>().EditAsync(s_id, static n => n.Pinned = true)).ChangeId);
        Assert.True(await watch.MoveNextAsync());
        Assert.True(Assert.Single(watch.Current).Pinned);
        Assert.Equal(before, await db.GetVersionAsync());
        await db.Documents<Note>().EditAsync(s_id, static n => n.Color = "red");
        Assert.True(await watch.MoveNextAsync());
        Assert.Equal("red", Assert.Single(watch.Current).Color);
        Assert.Equal(1L, PlainSql.Scalar(folder["a.db"], "SELECT Pinned FROM note"));
    }

    [Fact]
    public async Task Local_fields_survive_the_end_of_the_process_a_new_table_and_a_rebuild()
    {
        using var folder = new TempFolder();
        await using (var db = await EdgeDatabase.OpenAsync(folder["a.db"]))
            await db.Documents<Note>().EditAsync(s_id, static n => { n.Pinned = true; n.Scratch.Append("x"); });
        PlainSql.Execute(folder["a.db"], "UPDATE edge_meta SET value = 0 WHERE key = 'fold'");
        await using (var db = await EdgeDatabase.OpenAsync(folder["a.db"]))
            await db.Documents<Note>().CountAsync();
        PlainSql.Execute(folder["a.db"], "DROP TABLE note");
        await using (var db = await EdgeDatabase.OpenAsync(folder["a.db"]))
        {
            Assert.Equal("|x|white|True||0", await Show(db));
            await db.Documents<Note>().EditAsync(s_id, static n => n.Scratch.Append("y"));
            await db.Documents<Note>().DeleteAsync(s_id);
            await db.Documents<Note>().RestoreAsync(s_id);
            Assert.Equal("|xy|white|True||0", await Show(db));
        }
    }

    [Fact]
    public async Task Edit_that_throws_leaves_local_fields_as_they_were()
    {
        using var folder = new TempFolder();
        await using var db = await EdgeDatabase.OpenAsync(folder["a.db"]);
        await db.Documents<Note>().EditAsync(s_id, static n => n.Color = "red");
        await Assert.ThrowsAsync<InvalidTimeZoneException>(() => db.Documents<Note>().EditAsync(s_id, static n => { n.Color = "blue"; if (n.Color == "blue") throw new InvalidTimeZoneException(); }));
        Assert.Equal("||red|False||0", await Show(db));
        var snapshot = (await db.Documents<Note>().FindAsync(s_id))!;
        Assert.Throws<InvalidOperationException>(() => snapshot.Color = "green");
    }

    [Fact]
    public async Task Local_edits_are_undone_and_done_again_apart_from_those_of_the_log()
    {
        using var folder = new TempFolder();
        await using var db = await EdgeDatabase.OpenAsync(folder["a.db"]);
        var undo = db.CreateUndoHistory("board");
        var notes = db.Documents<Note>().With(new EditOptions { Undo = undo });
        await notes.EditAsync(s_id, static n => { n.Text = "a"; n.Scratch.Append("abc"); });
        await notes.EditAsync(s_id, static n => { n.Pinned = true; n.Scratch.Delete(1, 1); n.Seen.Add("s"); });
        await notes.EditAsync(s_id, static n => { n.Text = "b"; n.Color = "red"; });
        Assert.Equal("b|ac|red|True|s|0", await Show(db));
        await undo.UndoAsync();
        Assert.Equal("a|ac|white|True|s|0", await Show(db));
        await undo.UndoAsync();
        Assert.Equal("a|abc|white|False||0", await Show(db));
        await undo.RedoAsync();
        await undo.RedoAsync();
        Assert.Equal("b|ac|red|True|s|0", await Show(db));
    }

    private static async Task<string> Show(EdgeDatabase db)
    {
        var note = (await db.Documents<Note>().FindAsync(s_id))!;
        var asRow = await db.Documents<Note>().Where(n => n.Color == note.Color && n.Pinned == note.Pinned).FirstOrDefaultAsync();
        Assert.Equal(note.Color, asRow?.Color);
        return $"{note.Text}|{note.Scratch}|{note.Color}|{note.Pinned}|{string.Join(",", note.Seen)}|{note.Lines.Count}";
    }
}
