namespace Edge.Sync.Tests.Storage;

public class CheckpointTests
{
    [Fact]
    public async Task Write_ahead_log_is_copied_into_the_file_while_edits_go_on_and_begins_anew()
    {
        using var folder = new TempFolder();
        await using var db = await EdgeDatabase.OpenAsync(folder["a.db"]);
        const int CommitsMax = 30_000;
        var commits = 0;
        // The file grows only by what was copied into it.
        while (new FileInfo(folder["a.db"]).Length < 1 << 20 && commits < CommitsMax)
            await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => db.Documents<Job>().EditAsync(DocumentId.Named($"{commits++ % 500}"), static job => job.Notes.Append(new('x', 200)))));
        Assert.InRange(commits, 1, CommitsMax - 1);
        Assert.InRange(new FileInfo(folder["a.db-wal"]).Length, 1, 64 << 20);
        Assert.Empty((await db.VerifyAsync()).Faults);
    }

    [Fact]
    public async Task Opening_reads_no_document()
    {
        using var folder = new TempFolder();
        await VerifyTests.MakeAsync(folder["a.db"]);
        await using var db = await EdgeDatabase.OpenAsync(folder["a.db"]);
        var replica = (await db.OpenedAsync(default)).Replica;
        Assert.Equal(0, replica.CachedDocumentCount);
        await db.Documents<Job>().EditAsync(DocumentId.Named("0"), static job => job.Done = true);
        Assert.Equal(1, replica.CachedDocumentCount);
    }
}
