using Edge.Sync.Tests.Database;

namespace Edge.Sync.Tests.Rejecting;

/// <summary>Rejections through the front door: tables, queries, history, files.</summary>
public class RejectDatabaseTests
{
    private static readonly DocumentId s_pump = DocumentId.Named("pump-7");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Rejected_change_leaves_documents_tables_queries_and_undo_and_is_in_the_history_with_its_reason()
    {
        using var folder = new TempFolder();
        await using var a = await EdgeDatabase.OpenAsync(folder["a.db"], Token);
        await using var b = await EdgeDatabase.OpenAsync(folder["b.db"], Token);
        var undo = a.CreateUndoHistory("test");
        await a.Documents<Job>().EditAsync(s_pump, static job => (job.Title, job.Done) = ("right", false), Token);
        var wrong = await a.Documents<Job>().With(new EditOptions { Undo = undo }).EditAsync(s_pump, static job => (job.Title, job.Done) = ("wrong", true), Token);
        var made = await a.Documents<Job>().EditAsync(DocumentId.Named("other"), static job => job.Title = "made by mistake", Token);
        await Exchange.PushAsync(a, b);
        await b.Documents<Job>().EditAsync(s_pump, static job => job.Minutes.Add(5), Token);

        foreach (var change in (ChangeId[])[wrong.ChangeId!.Value, made.ChangeId!.Value])
            Assert.NotNull((await b.RejectAsync(change, "not by you", new() { Author = "Ada" }, Token)).ChangeId);
        Assert.Null((await b.RejectAsync(wrong.ChangeId.Value, "again", cancellationToken: Token)).ChangeId);
        await Exchange.MergeAsync(a, b);

        foreach (var db in (EdgeDatabase[])[a, b])
        {
            var job = (await db.Documents<Job>().FindAsync(s_pump, Token))!;
            Assert.Equal(("right", false, 5), (job.Title, job.Done, job.Minutes.Value));
            Assert.Equal("right", Assert.Single(await db.Documents<Job>().ToListAsync(Token)).Title);
            Assert.Empty(await db.Documents<Job>().Where(static job => job.Done).ToListAsync(Token));
            var entries = new List<HistoryEntry>();
            await foreach (var entry in db.History().WithCancellation(Token)) entries.Add(entry);
            Assert.Equal("not by you", Assert.Single(entries, entry => entry.ChangeId == wrong.ChangeId).Rejection!.Reason);
            Assert.Equal(2, entries.Count(static entry => entry.Rejection is not null));
            Assert.Equal("Ada", entries.Single(entry => entry.ChangeId == entries.Single(rejected => rejected.ChangeId == wrong.ChangeId).Rejection!.By).Author);
            var steps = new List<HistoryEntry>();
            await foreach (var entry in db.History<Job>(s_pump).WithCancellation(Token)) steps.Add(entry);
            Assert.Empty(steps.Single(entry => entry.ChangeId == wrong.ChangeId).Difference!.Fields);
            Assert.Equal("not by you", (await db.FindRejectionAsync(wrong.ChangeId.Value, Token))!.Reason);
            await Rebuilding.AssertEqualAsync(db);
            var report = await db.VerifyAsync(cancellationToken: Token);
            Assert.True(report.IsSound, string.Join("; ", report.Faults));
        }
        // An undo would take away what is not there any more.
        await undo.UndoAsync(Token);
        Assert.Equal("right", (await a.Documents<Job>().FindAsync(s_pump, Token))!.Title);
    }

    [Fact]
    public async Task Rejection_alone_reaches_those_who_follow_the_document()
    {
        using var folder = new TempFolder();
        var path = folder["a.db"];
        await using (var db = await EdgeDatabase.OpenAsync(path, Token))
        {
            var edit = await db.Documents<Job>().EditAsync(s_pump, static job => job.Minutes.Add(5), Token);
            await using var watch = db.Documents<Job>().WatchAsync(Token).GetAsyncEnumerator(Token);
            Assert.True(await watch.MoveNextAsync());
            Assert.Equal(5, watch.Current[0].Minutes.Value);
            var more = await db.Documents<Job>().EditAsync(s_pump, static job => job.Minutes.Add(7), Token);
            Assert.True(await watch.MoveNextAsync());
            await db.RejectAsync(more.ChangeId!.Value, "too much", cancellationToken: Token);
            Assert.True(await watch.MoveNextAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(60), Token));
            Assert.Equal(5, watch.Current[0].Minutes.Value);
            var told = Assert.Single(await db.FindRejectedAsync(cancellationToken: Token));
            Assert.Equal((more.ChangeId, "too much", s_pump), (told.ChangeId, told.Rejection!.Reason, Assert.Single(told.Documents).DocumentId));
            await db.Documents<Job>().EditAsync(s_pump, static job => job.Minutes.Add(1), Token);
            await Rebuilding.AssertEqualAsync(db);
        }
        await using var again = await EdgeDatabase.OpenAsync(path, Token);
        Assert.Equal(6, (await again.Documents<Job>().FindAsync(s_pump, Token))!.Minutes.Value);
        Assert.Single(await again.FindRejectedAsync(cancellationToken: Token));
        await Rebuilding.AssertEqualAsync(again);
    }

    [Fact]
    public async Task Rejected_event_leaves_its_stream_and_comes_back_with_the_rejection_taken_back()
    {
        using var folder = new TempFolder();
        await using var db = await EdgeDatabase.OpenAsync(folder["a.db"], Token);
        var events = db.Events<Events.JobEvent>();
        var opened = await events.AppendAsync(s_pump, new Events.JobEvent.Opened("Replace pump 7"), Token);
        var rejection = await db.RejectAsync(opened.ChangeId!.Value, "no", cancellationToken: Token);
        Assert.Empty(await events.ReadAsync(s_pump, Token));
        await events.AppendAsync(s_pump, new Events.JobEvent.Paused(), Token);
        Assert.Equal([new Events.JobEvent.Paused()], (await events.ReadAsync(s_pump, Token)).Select(static e => e.Event));
        await db.RejectAsync(rejection.ChangeId!.Value, "yes", cancellationToken: Token);
        Assert.Equal([new Events.JobEvent.Opened("Replace pump 7"), new Events.JobEvent.Paused()], (await events.ReadAsync(s_pump, Token)).Select(static e => e.Event));
        Assert.True((await db.VerifyAsync(cancellationToken: Token)).IsSound);
    }

    [Fact]
    public async Task Rejections_and_acceptances_are_kept_by_files_backups_and_repairs()
    {
        using var folder = new TempFolder();
        ChangeId wrong, right;
        byte[] hash;
        await using (var db = await EdgeDatabase.OpenAsync(folder["a.db"], Token))
        {
            await db.Documents<Job>().EditAsync(s_pump, static job => job.Title = "right", Token);
            wrong = (await db.Documents<Job>().EditAsync(s_pump, static job => job.Title = "wrong", Token)).ChangeId!.Value;
            await db.RejectAsync(wrong, "no", cancellationToken: Token);
            right = (await db.Documents<Job>().EditAsync(s_pump, static job => job.Minutes.Add(1), Token)).ChangeId!.Value;
            await db.AcceptAsync(cancellationToken: Token);
            hash = await db.GetStateHashAsync(Token);
            await db.BackupAsync(folder["b.db"], cancellationToken: Token);
        }
        await EdgeDatabase.RepairAsync(folder["a.db"], cancellationToken: Token);
        foreach (var file in (string[])["a.db", "b.db"])
        {
            await using var db = await EdgeDatabase.OpenAsync(folder[file], Token);
            Assert.Equal(hash, await db.GetStateHashAsync(Token));
            Assert.Equal("no", (await db.FindRejectionAsync(wrong, Token))!.Reason);
            Assert.True((await db.VerifyAsync(cancellationToken: Token)).IsSound);
            if (file == "a.db") await Assert.ThrowsAsync<InvalidOperationException>(() => db.RejectAsync(right, "too late", cancellationToken: Token));
        }
    }

    [Fact]
    public async Task Rejecting_what_is_not_held_or_with_a_long_reason_is_refused_and_writes_nothing()
    {
        using var folder = new TempFolder();
        await using var db = await EdgeDatabase.OpenAsync(folder["a.db"], Token);
        var change = (await db.Documents<Job>().EditAsync(s_pump, static job => job.Title = "x", Token)).ChangeId!.Value;
        await Assert.ThrowsAsync<ArgumentException>(() => db.RejectAsync(change, new string('x', 1001), cancellationToken: Token));
        await Assert.ThrowsAsync<ArgumentException>(() => db.RejectAsync(default, "x", cancellationToken: Token));
        Assert.Single(await Exchange.ReadAllAsync(db));
        Assert.NotNull((await db.RejectAsync(change, new string('x', 1000), cancellationToken: Token)).ChangeId);
    }
}
