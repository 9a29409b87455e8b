using Edge.Sync.Tests.Database;

namespace Edge.Sync.Tests.Conflicts;

/// <summary>Every value that lost is a row, once, until somebody who knows both sides writes.</summary>
public sealed class ConflictInboxTests
{
    private static readonly DocumentId s_id = DocumentId.Named("pump-7");

    [Fact]
    public async Task Lost_value_is_told_with_author_and_rule_and_can_be_restored()
    {
        using var folder = new TempFolder();
        await using var alice = await EdgeDatabase.OpenAsync(folder["alice.db"]);
        await using var bob = await EdgeDatabase.OpenAsync(folder["bob.db"]);
        await alice.Documents<Job>().EditAsync(s_id, static j => j.Title = "old");
        await Exchange.MergeAsync(alice, bob);
        await alice.Documents<Job>().EditAsync(s_id, static j => { j.Title = "A"; j.Due = DateTimeOffset.UnixEpoch; });
        await bob.Documents<Job>().EditAsync(s_id, static j => { j.Title = "B"; j.Minutes.Add(1); });
        Assert.Empty(await alice.Conflicts.ToListAsync());
        await Exchange.MergeAsync(alice, bob);

        foreach (var db in (EdgeDatabase[])[alice, bob])
        {
            var shown = (await db.Documents<Job>().FindAsync(s_id))!.Title;
            var conflict = Assert.Single(await db.Conflicts.ToListAsync(s_id));
            Assert.Equal(("job", s_id, "Title", ConflictRule.LatestWins), (conflict.Collection, conflict.DocumentId, conflict.Field, conflict.Rule));
            Assert.Equal((shown, shown == "A" ? "B" : "A"), (conflict.ShownValue, conflict.LostValue));
            Assert.Equal((await Exchange.LogOf(shown == "A" ? bob : alice)).Replica, conflict.By);
            Assert.Empty(conflict.Path);
            Assert.NotEqual(DateTimeOffset.UnixEpoch, conflict.At);
            Assert.Empty(await db.Conflicts.ToListAsync(DocumentId.Named("other")));
        }

        var lost = (await alice.Conflicts.ToListAsync())[0];
        Assert.NotNull((await alice.Conflicts.RestoreAsync(lost)).ChangeId);
        Assert.Equal(lost.LostValue, (await alice.Documents<Job>().FindAsync(s_id))!.Title);
        await Exchange.MergeAsync(alice, bob);
        Assert.Empty(await alice.Conflicts.ToListAsync());
        Assert.Empty(await bob.Conflicts.ToListAsync());
        // Settled: a second click writes nothing.
        Assert.Null((await bob.Conflicts.RestoreAsync(lost)).ChangeId);
        await Rebuilding.AssertEqualAsync(bob);
    }

    [Fact]
    public async Task Dismissed_conflict_goes_and_what_is_shown_stays()
    {
        using var folder = new TempFolder();
        await using var alice = await EdgeDatabase.OpenAsync(folder["alice.db"]);
        await using var bob = await EdgeDatabase.OpenAsync(folder["bob.db"]);
        await alice.Documents<Job>().EditAsync(s_id, static j => j.Title = "A");
        await bob.Documents<Job>().EditAsync(s_id, static j => j.Title = "B");
        await Exchange.MergeAsync(alice, bob);
        var shown = (await bob.Documents<Job>().FindAsync(s_id))!.Title;
        await bob.Conflicts.DismissAsync(Assert.Single(await bob.Conflicts.ToListAsync()));
        await Exchange.MergeAsync(alice, bob);
        Assert.Empty(await alice.Conflicts.ToListAsync());
        Assert.Equal(shown, (await alice.Documents<Job>().FindAsync(s_id))!.Title);
    }

    [Fact]
    public async Task Edit_that_revived_a_deleted_document_is_told_and_the_deletion_can_be_restored()
    {
        using var folder = new TempFolder();
        await using var alice = await EdgeDatabase.OpenAsync(folder["alice.db"]);
        await using var bob = await EdgeDatabase.OpenAsync(folder["bob.db"]);
        await alice.Documents<Job>().EditAsync(s_id, static j => j.Title = "A");
        await Exchange.MergeAsync(alice, bob);
        await alice.Documents<Job>().DeleteAsync(s_id);
        await bob.Documents<Job>().EditAsync(s_id, static j => j.Minutes.Add(5));
        await Exchange.MergeAsync(alice, bob);
        var conflict = Assert.Single(await bob.Conflicts.ToListAsync());
        Assert.Equal((ConflictRule.EditWins, (await Exchange.LogOf(alice)).Replica), (conflict.Rule, conflict.By));
        Assert.Equal(5, (await bob.Documents<Job>().FindAsync(s_id))!.Minutes.Value);

        await bob.Conflicts.RestoreAsync(conflict);
        await Exchange.MergeAsync(alice, bob);
        foreach (var db in (EdgeDatabase[])[alice, bob])
        {
            Assert.Null(await db.Documents<Job>().FindAsync(s_id));
            Assert.Empty(await db.Conflicts.ToListAsync());
            await Rebuilding.AssertEqualAsync(db);
        }
    }

    [Fact]
    public async Task Inbox_survives_a_restart_and_is_made_again_where_it_was_dropped()
    {
        using var folder = new TempFolder();
        string[] before;
        await using (var alice = await EdgeDatabase.OpenAsync(folder["alice.db"]))
        await using (var bob = await EdgeDatabase.OpenAsync(folder["bob.db"]))
        {
            for (var i = 0; i < 5; i++)
            {
                await alice.Documents<Job>().EditAsync(DocumentId.Named($"{i}"), static j => j.Title = "A");
                await bob.Documents<Job>().EditAsync(DocumentId.Named($"{i}"), static j => j.Title = "B");
            }
            await Exchange.MergeAsync(alice, bob);
            before = await Show(alice);
            Assert.Equal(5, before.Length);
        }
        await using (var alice = await EdgeDatabase.OpenAsync(folder["alice.db"])) Assert.Equal(before, await Show(alice));
        PlainSql.Execute(folder["alice.db"], "DROP TABLE edge_conflicts");
        await using (var alice = await EdgeDatabase.OpenAsync(folder["alice.db"]))
        {
            await alice.Documents<Job>().EditAsync(DocumentId.Named("0"), static j => j.Title = "C");
            var after = await Show(alice);
            Assert.Equal(4, after.Length);
            Assert.Subset(before.ToHashSet(), after.ToHashSet());
        }

        static async Task<string[]> Show(EdgeDatabase db)
        {
            _ = await db.Documents<Job>().CountAsync();
            return [.. (await db.Conflicts.ToListAsync()).Select(static c => $"{c.DocumentId} {c.Field} {c.LostValue} {c.ShownValue} {c.By} {c.At:O} {c.Rule}")];
        }
    }

    [Fact]
    public async Task Watch_gives_the_inbox_again_when_it_changes()
    {
        using var folder = new TempFolder();
        await using var alice = await EdgeDatabase.OpenAsync(folder["alice.db"]);
        await using var bob = await EdgeDatabase.OpenAsync(folder["bob.db"]);
        await alice.Documents<Job>().EditAsync(s_id, static j => j.Title = "A");
        await bob.Documents<Job>().EditAsync(s_id, static j => j.Title = "B");
        await using var watch = alice.Conflicts.WatchAsync().GetAsyncEnumerator();
        Assert.True(await watch.MoveNextAsync());
        Assert.Empty(watch.Current);
        var next = watch.MoveNextAsync();
        await Exchange.PushAsync(bob, alice);
        Assert.True(await next);
        Assert.Single(watch.Current);
    }

    [Fact]
    public async Task Inbox_equals_what_the_states_say_after_any_history()
    {
        using var folder = new TempFolder();
        var random = new Random(11);
        await using var alice = await EdgeDatabase.OpenAsync(folder["alice.db"]);
        await using var bob = await EdgeDatabase.OpenAsync(folder["bob.db"]);
        for (var i = 0; i < 120; i++)
        {
            var db = random.Next(2) == 0 ? alice : bob;
            var id = DocumentId.Named($"{random.Next(3)}");
            switch (random.Next(6))
            {
                case 0: await db.Documents<Job>().DeleteAsync(id); break;
                case 1: await Exchange.MergeAsync(alice, bob); break;
                case 2 when (await db.Conflicts.ToListAsync()) is [var first, ..]: await db.Conflicts.RestoreAsync(first); break;
                default: await db.Documents<Job>().EditAsync(id, j => { j.Title = $"{i}"; j.Done = i % 2 == 0; }); break;
            }
        }
        await Exchange.MergeAsync(alice, bob);
        var kept = await Show(alice);
        Assert.NotEmpty(kept);
        Assert.Equal(kept, await Show(bob));
        await alice.DisposeAsync();
        PlainSql.Execute(folder["alice.db"], "DROP TABLE edge_conflicts");
        await using var again = await EdgeDatabase.OpenAsync(folder["alice.db"]);
        Assert.Equal(kept, await Show(again));

        static async Task<string[]> Show(EdgeDatabase db) =>
            [.. (await db.Conflicts.ToListAsync()).Select(static c => $"{c.DocumentId} {c.LostValue} {c.ShownValue} {c.By} {c.At:O} {c.Rule}")];
    }
}
