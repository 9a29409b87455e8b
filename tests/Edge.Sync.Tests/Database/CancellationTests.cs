namespace Edge.Sync.Tests.Database;

public class CancellationTests
{
    private static readonly DocumentId s_pump = DocumentId.Named("pump-7");

    [Fact]
    public async Task Edit_cancelled_before_the_writer_begins_it_does_not_run()
    {
        using var folder = new TempFolder();
        await using var db = await EdgeDatabase.OpenAsync(folder["a.db"]);
        await db.Documents<Job>().EditAsync(s_pump, static job => job.Minutes.Add(1));
        using var cancel = new CancellationTokenSource();
        var ran = false;
        Task cancelled, other;
        using (var held = await HeldWriter.HoldAsync(db))
        {
            cancelled = db.Documents<Job>().EditAsync(s_pump, job =>
            {
                ran = true;
                job.Minutes.Add(10);
            }, cancel.Token);
            other = db.Documents<Job>().EditAsync(s_pump, static job => job.Minutes.Add(100), CancellationToken.None);
            await cancel.CancelAsync();
            await held.ReleaseAsync();
        }
        var error = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => cancelled);
        await other;
        Assert.Equal(cancel.Token, error.CancellationToken);
        Assert.False(ran);
        Assert.Equal(101, (await db.Documents<Job>().FindAsync(s_pump))!.Minutes.Value);
    }

    [Fact]
    public async Task Edit_cancelled_after_its_callback_has_begun_stands()
    {
        using var folder = new TempFolder();
        await using var db = await EdgeDatabase.OpenAsync(folder["a.db"]);
        using var cancel = new CancellationTokenSource();
        var receipt = await db.Documents<Job>().EditAsync(s_pump, job =>
        {
            job.Minutes.Add(10);
            cancel.Cancel();
        }, cancel.Token);
        Assert.NotNull(receipt.ChangeId);
        Assert.Equal(10, (await db.Documents<Job>().FindAsync(s_pump))!.Minutes.Value);
    }

    [Fact]
    public async Task Calls_with_a_cancelled_token_throw_and_do_nothing()
    {
        using var folder = new TempFolder();
        await using var db = await EdgeDatabase.OpenAsync(folder["a.db"]);
        var token = new CancellationToken(canceled: true);
        var jobs = db.Documents<Job>();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => jobs.EditAsync(s_pump, static job => job.Done = true, token));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => jobs.AddAsync(new Job(), token));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => db.EditAsync(static change => change.Add(new Job()), token));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => jobs.ToListAsync(token));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => jobs.CountAsync(token));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => jobs.FindAsync(s_pump, token));
        Assert.Empty(await Exchange.ReadAllAsync(db));
    }
}
