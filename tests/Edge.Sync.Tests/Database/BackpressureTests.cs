namespace Edge.Sync.Tests.Database;

public class BackpressureTests
{
    [Fact]
    public async Task Edits_beyond_the_limit_fail_at_once_and_those_before_it_are_all_made()
    {
        using var folder = new TempFolder();
        const int Max = 100;
        await using var db = await EdgeDatabase.OpenAsync(new EdgeDatabaseOptions { Path = folder["a.db"], PendingEditsMax = Max });
        var jobs = db.Documents<Job>();
        await jobs.CountAsync();
        var edits = new List<Task<Receipt>>();
        var ran = 0;
        using (var held = await HeldWriter.HoldAsync(db))
        {
            for (var i = 0; i < Max + 50; i++)
                edits.Add(jobs.EditAsync(DocumentId.Named("x"), job =>
                {
                    job.Minutes.Add(1);
                    ran++;
                }));
            foreach (var edit in edits[Max..])
            {
                var error = await Assert.ThrowsAsync<EdgeStorageException>(() => edit);
                Assert.Equal(EdgeErrorCode.TooManyPending, error.Code);
                Assert.Contains("PendingEditsMax", error.Message, StringComparison.Ordinal);
            }
            // Nothing else is kept out: reads, and what the database itself asks the writer for.
            Assert.Equal(0, await jobs.CountAsync());
            var hash = db.GetStateHashAsync();
            Assert.False(edits[0].IsCompleted);
            await held.ReleaseAsync();
            await hash;
        }
        await Task.WhenAll(edits[..Max]);
        Assert.Equal(Max, ran);
        Assert.Equal(Max, (await jobs.FindAsync(DocumentId.Named("x")))!.Minutes.Value);
        await jobs.EditAsync(DocumentId.Named("x"), static job => job.Minutes.Add(1));
    }

    [Fact]
    public async Task Edits_that_are_started_inside_an_edit_do_not_wait_for_it()
    {
        using var folder = new TempFolder();
        await using var db = await EdgeDatabase.OpenAsync(new EdgeDatabaseOptions { Path = folder["a.db"], PendingEditsMax = 1 });
        var jobs = db.Documents<Job>();
        Task? first = null, second = null;
        await jobs.EditAsync(DocumentId.Named("x"), job =>
        {
            first = jobs.EditAsync(DocumentId.Named("x"), static job => job.Minutes.Add(1));
            second = jobs.EditAsync(DocumentId.Named("x"), static job => job.Minutes.Add(1));
        });
        await first!;
        Assert.Equal(EdgeErrorCode.TooManyPending, (await Assert.ThrowsAsync<EdgeStorageException>(() => second!)).Code);
    }
}
