using Edge.Sync.Tests.Database;

namespace Edge.Sync.Tests.Undo;

/// <summary>Undo and redo as an app uses them.</summary>
public sealed class UndoHistoryTests
{
    private static readonly DocumentId s_pump = DocumentId.Named("pump-7");

    [Fact]
    public async Task Undo_and_redo_walk_through_the_steps_of_a_document()
    {
        using var folder = new TempFolder();
        await using var db = await EdgeDatabase.OpenAsync(folder["a.db"]);
        var undo = db.CreateUndoHistory("board");
        var jobs = db.Documents<Job>().With(new EditOptions { Undo = undo });
        await jobs.EditAsync(s_pump, static j => { j.Title = "Replace pump"; j.Minutes.Add(30); j.Parts.Add("seal"); j.Notes.Append("abc"); });
        await jobs.EditAsync(s_pump, static j => { j.Title = "Replace pump 7"; j.Minutes.Add(-5); j.Parts.Remove("seal"); j.Notes.Delete(1, 1); j.Due = DateTimeOffset.UnixEpoch; });
        Assert.Equal((true, false), (undo.CanUndo, undo.CanRedo));
        Assert.Equal("Replace pump 7|25||ac|True", await Show(db));

        var result = await undo.UndoAsync();
        Assert.True(result.Changed);
        Assert.Empty(result.Obstacles);
        Assert.Equal("Replace pump|30|seal|abc|False", await Show(db));
        Assert.Equal((true, true), (undo.CanUndo, undo.CanRedo));

        // The "b" that came back is the "b" of the first step, which is the document's making.
        Assert.Empty((await undo.UndoAsync()).Obstacles);
        Assert.Null(await db.Documents<Job>().FindAsync(s_pump));
        Assert.Equal((false, true), (undo.CanUndo, undo.CanRedo));

        await undo.RedoAsync();
        Assert.Equal("Replace pump|30|seal|abc|False", await Show(db));
        await undo.RedoAsync();
        Assert.Equal("Replace pump 7|25||ac|True", await Show(db));
        Assert.Equal((true, false), (undo.CanUndo, undo.CanRedo));
        Assert.False((await undo.RedoAsync()).Changed);
        await Rebuilding.AssertEqualAsync(db);
    }

    [Fact]
    public async Task New_edit_clears_what_could_be_redone_and_edits_without_the_option_are_in_no_history()
    {
        using var folder = new TempFolder();
        await using var db = await EdgeDatabase.OpenAsync(folder["a.db"]);
        var undo = db.CreateUndoHistory("board");
        var jobs = db.Documents<Job>().With(new EditOptions { Undo = undo });
        await jobs.EditAsync(s_pump, static j => j.Title = "A");
        await jobs.EditAsync(s_pump, static j => j.Title = "B");
        await undo.UndoAsync();
        await db.Documents<Job>().EditAsync(s_pump, static j => j.Minutes.Add(7));
        Assert.True(undo.CanRedo);
        await jobs.EditAsync(s_pump, static j => j.Done = true);
        Assert.False(undo.CanRedo);

        await undo.UndoAsync();
        var first = await undo.UndoAsync();
        // The machine's minutes stand between the step and the document's end.
        Assert.Equal(UndoObstacleReason.HeldByOthers, Assert.Single(first.Obstacles).Reason);
        var job = (await db.Documents<Job>().FindAsync(s_pump))!;
        Assert.Equal(("", 7, false), (job.Title, job.Minutes.Value, job.Done));
        Assert.False(undo.CanUndo);
    }

    [Fact]
    public async Task Others_keep_what_they_did_meanwhile_and_obstacles_say_what_stays()
    {
        using var folder = new TempFolder();
        await using var alice = await EdgeDatabase.OpenAsync(folder["alice.db"]);
        await using var bob = await EdgeDatabase.OpenAsync(folder["bob.db"]);
        await alice.Documents<Job>().EditAsync(s_pump, static j => { j.Title = "A"; j.Notes.Append("Hello world"); });
        var undo = alice.CreateUndoHistory("board");
        await alice.Documents<Job>().With(new EditOptions { Undo = undo }).EditAsync(s_pump, static j =>
        {
            j.Title = "B";
            j.Minutes.Add(10);
            j.Parts.Add("seal");
            j.Notes.Delete(0, 6);
        });
        await Exchange.MergeAsync(alice, bob);
        await bob.Documents<Job>().EditAsync(s_pump, static j => { j.Title = "Bob's"; j.Minutes.Add(5); j.Parts.Add("bolt"); j.Notes.Insert(5, "!"); j.Notes.Insert(0, "> "); });
        await Exchange.MergeAsync(alice, bob);

        var result = await undo.UndoAsync();
        Assert.Equal([new UndoObstacle("job", s_pump, "Title", UndoObstacleReason.Overwritten)], result.Obstacles);
        await Exchange.MergeAsync(alice, bob);
        foreach (var db in (EdgeDatabase[])[alice, bob])
        {
            var job = (await db.Documents<Job>().FindAsync(s_pump))!;
            Assert.Equal(("Bob's", 5), (job.Title, job.Minutes.Value));
            Assert.Equal(["bolt"], job.Parts);
            Assert.Equal(12 + 2, job.Notes.Length);
            Assert.Contains("Hello ", job.Notes.Value, StringComparison.Ordinal);
            Assert.EndsWith("world!", job.Notes.Value, StringComparison.Ordinal);
            await Rebuilding.AssertEqualAsync(db);
        }
    }

    [Fact]
    public async Task Undo_does_not_revive_what_others_have_deleted()
    {
        using var folder = new TempFolder();
        await using var alice = await EdgeDatabase.OpenAsync(folder["alice.db"]);
        await using var bob = await EdgeDatabase.OpenAsync(folder["bob.db"]);
        var undo = alice.CreateUndoHistory("board");
        await alice.Documents<Job>().With(new EditOptions { Undo = undo }).EditAsync(s_pump, static j => j.Title = "A");
        await Exchange.MergeAsync(alice, bob);
        await bob.Documents<Job>().DeleteAsync(s_pump);
        await Exchange.MergeAsync(alice, bob);

        var result = await undo.UndoAsync();
        Assert.False(result.Changed);
        Assert.Equal([new UndoObstacle("job", s_pump, null, UndoObstacleReason.DocumentDeleted)], result.Obstacles);
        Assert.Null(await alice.Documents<Job>().FindAsync(s_pump));
    }

    [Fact]
    public async Task Deletion_is_taken_back_with_all_fields()
    {
        using var folder = new TempFolder();
        await using var db = await EdgeDatabase.OpenAsync(folder["a.db"]);
        var undo = db.CreateUndoHistory("board");
        var jobs = db.Documents<Job>().With(new EditOptions { Undo = undo });
        await jobs.EditAsync(s_pump, static j => { j.Title = "A"; j.Minutes.Add(3); });
        await jobs.DeleteAsync(s_pump);
        Assert.Null(await jobs.FindAsync(s_pump));
        await undo.UndoAsync();
        Assert.Equal("A|3|||False", await Show(db));
        await undo.RedoAsync();
        Assert.Null(await jobs.FindAsync(s_pump));
        await undo.UndoAsync();
        Assert.Empty((await undo.UndoAsync()).Obstacles);
        Assert.Null(await jobs.FindAsync(s_pump));
    }

    [Fact]
    public async Task Change_of_several_documents_is_undone_as_one()
    {
        using var folder = new TempFolder();
        await using var db = await EdgeDatabase.OpenAsync(folder["a.db"]);
        var undo = db.CreateUndoHistory("board");
        var other = DocumentId.Named("pump-8");
        await db.EditAsync(change =>
        {
            change.Document<Job>(s_pump).Title = "A";
            change.Document<Job>(other).Title = "B";
        }, new EditOptions { Undo = undo });
        var count = await db.Documents<Job>().CountAsync();
        await undo.UndoAsync();
        Assert.Equal((2L, 0L), (count, await db.Documents<Job>().CountAsync()));
        await undo.RedoAsync();
        Assert.Equal(["A", "B"], (await db.Documents<Job>().OrderBy(j => j.Title).ToListAsync()).Select(static j => j.Title));
    }

    [Fact]
    public async Task History_survives_a_restart()
    {
        using var folder = new TempFolder();
        await using (var db = await EdgeDatabase.OpenAsync(folder["a.db"]))
        {
            var undo = db.CreateUndoHistory("board");
            var jobs = db.Documents<Job>().With(new EditOptions { Undo = undo });
            foreach (var letter in "abc") await jobs.EditAsync(s_pump, j => j.Notes.Append(letter.ToString()));
            await undo.UndoAsync();
        }
        await using (var db = await EdgeDatabase.OpenAsync(folder["a.db"]))
        {
            var undo = db.CreateUndoHistory("board");
            await undo.LoadAsync();
            Assert.Equal((true, true), (undo.CanUndo, undo.CanRedo));
            await undo.UndoAsync();
            Assert.Equal("||||a".Replace("|", "", StringComparison.Ordinal), (await db.Documents<Job>().FindAsync(s_pump))!.Notes.Value);
            await undo.RedoAsync();
            await undo.RedoAsync();
            Assert.Equal("abc", (await db.Documents<Job>().FindAsync(s_pump))!.Notes.Value);
        }
    }

    [Fact]
    public async Task Keystrokes_within_the_interval_are_one_step()
    {
        using var folder = new TempFolder();
        var clock = new SteppedClock();
        await using var db = await EdgeDatabase.OpenAsync(new EdgeDatabaseOptions { Path = folder["a.db"], TimeProvider = clock });
        var undo = db.CreateUndoHistory("editor", new UndoOptions { GroupInterval = TimeSpan.FromSeconds(1) });
        var jobs = db.Documents<Job>().With(new EditOptions { Undo = undo });
        await jobs.EditAsync(s_pump, static j => j.Title = "x");
        foreach (var (letter, pause) in (ValueTuple<char, int>[])[('a', 5000), ('b', 300), ('c', 900), ('d', 1200), ('e', 10)])
        {
            clock.Now += TimeSpan.FromMilliseconds(pause);
            await jobs.EditAsync(s_pump, j => j.Notes.Append(letter.ToString()));
        }
        await undo.UndoAsync();
        Assert.Equal("abc", await Notes(db));
        await undo.UndoAsync();
        Assert.Equal("", await Notes(db));
        await undo.RedoAsync();
        Assert.Equal("abc", await Notes(db));
        // What was redone is finished: the next keystroke begins a step of its own.
        await jobs.EditAsync(s_pump, static j => j.Notes.Append("!"));
        await undo.UndoAsync();
        Assert.Equal("abc", await Notes(db));
    }

    [Fact]
    public async Task Limits_drop_the_oldest_steps_and_an_edit_too_large_says_so()
    {
        using var folder = new TempFolder();
        await using var db = await EdgeDatabase.OpenAsync(folder["a.db"]);
        var undo = db.CreateUndoHistory("board", new UndoOptions { StepsMax = 3, StepBytesMax = 2000 });
        var jobs = db.Documents<Job>().With(new EditOptions { Undo = undo });
        for (var i = 1; i <= 5; i++) await jobs.EditAsync(s_pump, j => j.Title = $"{i}");
        for (var i = 0; i < 3; i++) await undo.UndoAsync();
        Assert.False(undo.CanUndo);
        Assert.Equal("2", (await jobs.FindAsync(s_pump))!.Title);

        await jobs.EditAsync(s_pump, static j => j.Notes.Append(new string('x', 3000)));
        await jobs.EditAsync(s_pump, static j => j.Notes.Delete(0, 3000));
        Assert.Equal(UndoObstacleReason.TooLarge, Assert.Single((await undo.UndoAsync()).Obstacles).Reason);
        Assert.Equal("", await Notes(db));
    }

    [Fact]
    public async Task Damaged_or_dropped_history_costs_nothing_but_the_history()
    {
        using var folder = new TempFolder();
        await using (var db = await EdgeDatabase.OpenAsync(folder["a.db"]))
        {
            var jobs = db.Documents<Job>().With(new EditOptions { Undo = db.CreateUndoHistory("board") });
            await jobs.EditAsync(s_pump, static j => j.Title = "A");
            await jobs.EditAsync(s_pump, static j => j.Title = "B");
        }
        PlainSql.Execute(folder["a.db"], "UPDATE edge_undo SET bytes = x'9301' WHERE position = 2");
        await using (var db = await EdgeDatabase.OpenAsync(folder["a.db"]))
        {
            var undo = db.CreateUndoHistory("board");
            Assert.False((await undo.UndoAsync()).Changed);
            Assert.Equal("B", (await db.Documents<Job>().FindAsync(s_pump))!.Title);
            Assert.True(undo.CanUndo);
        }
        PlainSql.Execute(folder["a.db"], "DROP TABLE edge_undo");
        await using (var db = await EdgeDatabase.OpenAsync(folder["a.db"]))
        {
            Assert.Null((await db.CreateUndoHistory("board").UndoAsync()).Receipt);
            await Rebuilding.AssertEqualAsync(db);
        }
    }

    [Fact]
    public async Task Edit_that_throws_leaves_no_step()
    {
        using var folder = new TempFolder();
        await using var db = await EdgeDatabase.OpenAsync(folder["a.db"]);
        var undo = db.CreateUndoHistory("board");
        var jobs = db.Documents<Job>().With(new EditOptions { Undo = undo });
        await Assert.ThrowsAsync<ArithmeticException>(() => jobs.EditAsync(s_pump, (Action<Job>)(static j => { j.Title = "A"; throw new ArithmeticException(); })));
        await jobs.DeleteAsync(s_pump);
        Assert.False(undo.CanUndo);
        Assert.Null((await undo.UndoAsync()).Receipt);
    }

    [Fact]
    public async Task Two_histories_each_take_back_their_own_and_follow_what_the_other_brings_back()
    {
        using var folder = new TempFolder();
        await using var db = await EdgeDatabase.OpenAsync(folder["a.db"]);
        var (typing, cutting) = (db.CreateUndoHistory("typing"), db.CreateUndoHistory("cutting"));
        await db.Documents<Job>().EditAsync(s_pump, static j => j.Title = "x");
        await db.Documents<Job>().With(new EditOptions { Undo = typing }).EditAsync(s_pump, static j => j.Notes.Append("abc"));
        await db.Documents<Job>().With(new EditOptions { Undo = cutting }).EditAsync(s_pump, static j => j.Notes.Delete(1, 1));
        await cutting.UndoAsync();
        Assert.Equal("abc", await Notes(db));
        await typing.UndoAsync();
        Assert.Equal("", await Notes(db));
    }

    [Fact]
    public async Task Bindings_are_told_and_mistakes_are_named()
    {
        using var folder = new TempFolder();
        await using var db = await EdgeDatabase.OpenAsync(folder["a.db"]);
        await using var other = await EdgeDatabase.OpenAsync(folder["b.db"]);
        var undo = db.CreateUndoHistory("board");
        await undo.LoadAsync();
        var raised = new List<string?>();
        undo.PropertyChanged += (_, e) => { lock (raised) raised.Add(e.PropertyName); };
        await db.Documents<Job>().With(new EditOptions { Undo = undo }).EditAsync(s_pump, static j => j.Title = "A");
        lock (raised) Assert.Equal(["CanUndo", "CanRedo"], raised);
        await undo.ClearAsync();
        Assert.False(undo.CanUndo);

        Assert.Same(undo, db.CreateUndoHistory("board"));
        Assert.Throws<InvalidOperationException>(() => db.CreateUndoHistory("board", new UndoOptions { StepsMax = 1 }));
        Assert.Throws<ArgumentException>(() => db.CreateUndoHistory(""));
        await Assert.ThrowsAsync<ArgumentException>(() => other.Documents<Job>().With(new EditOptions { Undo = undo }).EditAsync(s_pump, static j => j.Title = "A"));
    }

    private static async Task<string> Notes(EdgeDatabase db) => (await db.Documents<Job>().FindAsync(s_pump))!.Notes.Value;

    private static async Task<string> Show(EdgeDatabase db)
    {
        var job = (await db.Documents<Job>().FindAsync(s_pump))!;
        return $"{job.Title}|{job.Minutes.Value}|{string.Join(",", job.Parts)}|{job.Notes}|{job.Due is not null}";
    }

    private sealed class SteppedClock : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

        public override DateTimeOffset GetUtcNow() => Now;
    }
}
