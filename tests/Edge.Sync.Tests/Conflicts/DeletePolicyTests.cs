using Edge.Sync.Tests.Database;

namespace Edge.Sync.Tests.Conflicts;

/// <summary>Who wins when one deletes and another edits, and how a document comes back.</summary>
public sealed class DeletePolicyTests
{
    private static readonly DocumentId s_id = DocumentId.Named("x");

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Deletion_that_wins_takes_the_concurrent_edit_with_it_on_replicas_with_and_without_the_class(bool deletionTravelsFirst)
    {
        using var folder = new TempFolder();
        await using var alice = await EdgeDatabase.OpenAsync(folder["alice.db"]);
        await using var bob = await EdgeDatabase.OpenAsync(folder["bob.db"]);
        await using var hub = await EdgeDatabase.OpenAsync(folder["hub.db"]);
        await alice.Documents<Permit>().EditAsync(s_id, static p => p.Holder = "Ann");
        await Exchange.MergeAsync(alice, bob);
        await alice.Documents<Permit>().DeleteAsync(s_id);
        await bob.Documents<Permit>().EditAsync(s_id, static p => p.Uses.Add(1));
        var (first, second) = deletionTravelsFirst ? (alice, bob) : (bob, alice);
        await Exchange.PushAsync(first, hub);
        await Exchange.PushAsync(second, hub);
        await Exchange.MergeAsync(alice, bob);

        // The hub has never named the class.
        Assert.Equal(await alice.GetStateHashAsync(), await hub.GetStateHashAsync());
        foreach (var db in (EdgeDatabase[])[alice, bob, hub])
        {
            Assert.Null(await db.Documents<Permit>().FindAsync(s_id));
            Assert.Equal(0, await db.Documents<Permit>().CountAsync());
            var conflict = Assert.Single(await db.Conflicts.ToListAsync());
            Assert.Equal((ConflictRule.DeletionWins, "permit", s_id, (string?)null), (conflict.Rule, conflict.Collection, conflict.DocumentId, conflict.Field));
            Assert.Equal((await Exchange.LogOf(bob)).Replica, conflict.By);
            await Rebuilding.AssertEqualAsync(db);
        }

        // Whoever knows of both decides anew.
        await hub.Conflicts.RestoreAsync((await hub.Conflicts.ToListAsync())[0]);
        await Exchange.PushAsync(hub, alice);
        var permit = (await alice.Documents<Permit>().FindAsync(s_id))!;
        Assert.Equal(("Ann", 1), (permit.Holder, permit.Uses.Value));
        Assert.Empty(await alice.Conflicts.ToListAsync());
    }

    [Fact]
    public async Task Edit_that_knows_of_a_winning_deletion_brings_the_document_back()
    {
        using var folder = new TempFolder();
        await using var db = await EdgeDatabase.OpenAsync(folder["a.db"]);
        await db.Documents<Permit>().EditAsync(s_id, static p => p.Holder = "Ann");
        await db.Documents<Permit>().DeleteAsync(s_id);
        Assert.Null(await db.Documents<Permit>().FindAsync(s_id));
        await db.Documents<Permit>().EditAsync(s_id, static p => p.Uses.Add(1));
        Assert.Equal("Ann", (await db.Documents<Permit>().FindAsync(s_id))!.Holder);
        Assert.Empty(await db.Conflicts.ToListAsync());
        await Rebuilding.AssertEqualAsync(db);
    }

    [Fact]
    public async Task Restore_brings_back_all_fields_everywhere_and_writes_nothing_for_what_is_there_or_never_was()
    {
        using var folder = new TempFolder();
        await using var alice = await EdgeDatabase.OpenAsync(folder["alice.db"]);
        await using var bob = await EdgeDatabase.OpenAsync(folder["bob.db"]);
        var jobs = alice.Documents<Job>();
        await jobs.EditAsync(s_id, static j => { j.Title = "A"; j.Parts.Add("seal"); j.Notes.Append("x"); });
        await jobs.DeleteAsync(s_id);
        await Exchange.MergeAsync(alice, bob);
        Assert.NotNull((await bob.Documents<Job>().RestoreAsync(s_id)).ChangeId);
        await Exchange.MergeAsync(alice, bob);
        var job = Assert.Single(await jobs.ToListAsync());
        Assert.Equal(("A", "x"), (job.Title, job.Notes.Value));
        Assert.Equal(["seal"], job.Parts);
        Assert.Null((await jobs.RestoreAsync(s_id)).ChangeId);
        Assert.Null((await jobs.RestoreAsync(DocumentId.Named("nobody"))).ChangeId);
        Assert.Equal(1, await jobs.CountAsync());
        await Rebuilding.AssertEqualAsync(alice);
    }

    [Fact]
    public async Task Undo_of_a_deletion_stays_away_where_somebody_else_deleted_too()
    {
        using var folder = new TempFolder();
        await using var alice = await EdgeDatabase.OpenAsync(folder["alice.db"]);
        await using var bob = await EdgeDatabase.OpenAsync(folder["bob.db"]);
        await alice.Documents<Job>().EditAsync(s_id, static j => j.Title = "A");
        await Exchange.MergeAsync(alice, bob);
        var undo = alice.CreateUndoHistory("board");
        await alice.Documents<Job>().With(new EditOptions { Undo = undo }).DeleteAsync(s_id);
        await bob.Documents<Job>().DeleteAsync(s_id);
        await Exchange.MergeAsync(alice, bob);
        Assert.Equal(UndoObstacleReason.HeldByOthers, Assert.Single((await undo.UndoAsync()).Obstacles).Reason);
        Assert.Null(await alice.Documents<Job>().FindAsync(s_id));
    }

    [Fact]
    public async Task Deletion_that_is_done_again_wins_as_it_did()
    {
        using var folder = new TempFolder();
        await using var alice = await EdgeDatabase.OpenAsync(folder["alice.db"]);
        await using var bob = await EdgeDatabase.OpenAsync(folder["bob.db"]);
        await alice.Documents<Permit>().EditAsync(s_id, static p => p.Holder = "Ann");
        var undo = alice.CreateUndoHistory("board");
        await alice.Documents<Permit>().With(new EditOptions { Undo = undo }).DeleteAsync(s_id);
        await undo.UndoAsync();
        await Exchange.MergeAsync(alice, bob);
        await undo.RedoAsync();
        await bob.Documents<Permit>().EditAsync(s_id, static p => p.Uses.Add(1));
        await Exchange.MergeAsync(alice, bob);
        Assert.Null(await bob.Documents<Permit>().FindAsync(s_id));
    }

    [Fact]
    public async Task Undo_walks_through_deletions_and_revivals()
    {
        using var folder = new TempFolder();
        await using var db = await EdgeDatabase.OpenAsync(folder["a.db"]);
        var undo = db.CreateUndoHistory("board");
        var permits = db.Documents<Permit>().With(new EditOptions { Undo = undo });
        await permits.EditAsync(s_id, static p => p.Uses.Add(1));
        await permits.DeleteAsync(s_id);
        await permits.EditAsync(s_id, static p => p.Uses.Add(2));
        await permits.DeleteAsync(s_id);
        var expected = new List<long?> { null, 3, null, 1, null };
        for (var turn = 0; turn < 3; turn++)
        {
            var read = new List<long?> { await Uses() };
            while (undo.CanUndo)
            {
                Assert.Empty((await undo.UndoAsync()).Obstacles);
                read.Add(await Uses());
            }
            Assert.Equal(expected, read);
            while (undo.CanRedo) await undo.RedoAsync();
        }
        await Rebuilding.AssertEqualAsync(db);

        async Task<long?> Uses() => (await permits.FindAsync(s_id))?.Uses.Value;
    }
}
