using Edge.Sync.Tests.Database;

namespace Edge.Sync.Tests.Schema;

/// <summary>Fields that have taken the place of others: both versions of the app read and write one document.</summary>
public sealed class LensTests
{
    private static readonly DocumentId s_id = DocumentId.Named("t");

    [Fact]
    public async Task Old_value_is_read_through_the_lens_and_a_new_one_by_the_old_app()
    {
        using var folder = new TempFolder();
        await using var old = await EdgeDatabase.OpenAsync(folder["old.db"]);
        await using var now = await EdgeDatabase.OpenAsync(folder["new.db"]);
        await old.Documents<TaskV1>().EditAsync(s_id, static t => { t.Hours = 2; t.Owner = "alice"; });
        await Exchange.MergeAsync(old, now);
        var task = (await now.Documents<TaskV2>().FindAsync(s_id))!;
        Assert.Equal((120, "alice"), (task.Minutes, task.Responsible.Value));
        Assert.Equal(1, await now.Documents<TaskV2>().Where(static t => t.Minutes == 120).CountAsync());

        await now.Documents<TaskV2>().EditAsync(s_id, static t => t.Minutes = 90);
        await Exchange.MergeAsync(old, now);
        Assert.Equal(2, (await old.Documents<TaskV1>().FindAsync(s_id))!.Hours);
        Assert.Equal(90, (await now.Documents<TaskV2>().FindAsync(s_id))!.Minutes);
        Assert.Equal(90L, PlainSql.Scalar(folder["new.db"], "SELECT Minutes FROM task"));

        await old.Documents<TaskV1>().EditAsync(s_id, static t => t.Hours = 5);
        await Exchange.MergeAsync(old, now);
        Assert.Equal(300, (await now.Documents<TaskV2>().FindAsync(s_id))!.Minutes);
        Assert.Equal(1, await now.Documents<TaskV2>().Where(static t => t.Minutes == 300).CountAsync());
        await now.Documents<TaskV2>().EditAsync(s_id, static t => t.Minutes += 1);
        Assert.Equal(301, (await now.Documents<TaskV2>().FindAsync(s_id))!.Minutes);
        Assert.Empty(await now.Conflicts.ToListAsync());
        await Rebuilding.AssertEqualAsync(now);
    }

    [Fact]
    public async Task Watch_of_the_new_field_sees_a_write_of_the_old_one()
    {
        using var folder = new TempFolder();
        await using var old = await EdgeDatabase.OpenAsync(folder["old.db"]);
        await using var now = await EdgeDatabase.OpenAsync(folder["new.db"]);
        await now.Documents<TaskV2>().EditAsync(s_id, static t => t.Minutes = 60);
        await Exchange.MergeAsync(old, now);
        await using var watch = now.Documents<TaskV2>().Where(static t => t.Minutes > 100).WatchAsync().GetAsyncEnumerator(TestContext.Current.CancellationToken);
        Assert.True(await watch.MoveNextAsync());
        Assert.Empty(watch.Current);
        await old.Documents<TaskV1>().EditAsync(s_id, static t => t.Hours = 3);
        await Exchange.MergeAsync(old, now);
        Assert.True(await watch.MoveNextAsync());
        Assert.Equal(180, Assert.Single(watch.Current).Minutes);
    }

    [Fact]
    public async Task Rows_that_were_written_without_the_class_are_made_anew_with_it()
    {
        using var folder = new TempFolder();
        await using var old = await EdgeDatabase.OpenAsync(folder["old.db"]);
        var now = await EdgeDatabase.OpenAsync(folder["new.db"]);
        await now.Documents<TaskV2>().EditAsync(s_id, static t => t.Minutes = 60);
        await Exchange.MergeAsync(old, now);
        await now.DisposeAsync();
        now = await EdgeDatabase.OpenAsync(folder["new.db"]);
        await old.Documents<TaskV1>().EditAsync(s_id, static t => t.Hours = 3);
        await Exchange.MergeAsync(old, now);
        await now.DisposeAsync();
        await using var again = await EdgeDatabase.OpenAsync(folder["new.db"]);
        Assert.Equal(1, await again.Documents<TaskV2>().Where(static t => t.Minutes == 180).CountAsync());
    }

    [Fact]
    public async Task Both_fields_are_undone_together_and_are_one_difference()
    {
        using var folder = new TempFolder();
        await using var db = await EdgeDatabase.OpenAsync(folder["a.db"]);
        var undo = db.CreateUndoHistory("board");
        var tasks = db.Documents<TaskV2>().With(new EditOptions { Undo = undo });
        await tasks.EditAsync(s_id, static t => t.Minutes = 60);
        var before = await db.GetVersionAsync();
        await tasks.EditAsync(s_id, static t => t.Minutes = 600);
        var diff = await db.DiffAsync<TaskV2>(s_id, before, await db.GetVersionAsync());
        Assert.Equal(new ValueDiff("Minutes", 60L, 600L), Assert.Single(diff.Fields));
        Assert.Empty((await undo.UndoAsync()).Obstacles);
        Assert.Equal((60, 1), ((await tasks.FindAsync(s_id))!.Minutes, (await db.Documents<TaskV1>().FindAsync(s_id))!.Hours));
    }

    [Fact]
    public async Task Value_that_the_lens_cannot_turn_leaves_the_other_field_as_it_is()
    {
        using var folder = new TempFolder();
        await using var db = await EdgeDatabase.OpenAsync(folder["a.db"]);
        await db.Documents<TaskV2>().EditAsync(s_id, static t => t.Minutes = 60);
        await db.Documents<TaskV2>().EditAsync(s_id, static t => t.Minutes = long.MaxValue / 2);
        Assert.Equal(long.MaxValue / 2, (await db.Documents<TaskV2>().FindAsync(s_id))!.Minutes);
        Assert.Equal(1, (await db.Documents<TaskV1>().FindAsync(s_id))!.Hours);
    }
}
