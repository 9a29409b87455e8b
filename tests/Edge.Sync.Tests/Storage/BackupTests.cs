using Edge.Sync.Tests.Database;

namespace Edge.Sync.Tests.Storage;

public class BackupTests
{
    [Fact]
    public async Task Backup_opens_as_a_replica_of_its_own_and_merges_with_its_original()
    {
        using var folder = new TempFolder();
        await using var db = await EdgeDatabase.OpenAsync(folder["a.db"]);
        var pump = DocumentId.Named("pump-7");
        for (var i = 0; i < 300; i++)
            await db.Documents<Job>().EditAsync(pump, static job => job.Minutes.Add(1));
        await db.BackupAsync(folder["b.db"]);
        Assert.True((await EdgeDatabase.VerifyAsync(folder["b.db"])).IsSound);
        Assert.Equal(["a.db", "a.db-shm", "a.db-wal", "a.db.lock", "b.db"], Directory.GetFiles(folder.Path).Select(Path.GetFileName).Order(StringComparer.Ordinal));

        // Both write on, each on its own device; what was written before the copy counts once.
        await using var copy = await EdgeDatabase.OpenAsync(folder["b.db"]);
        Assert.NotEqual((await db.OpenedAsync(default)).ReplicaId, (await copy.OpenedAsync(default)).ReplicaId);
        await db.Documents<Job>().EditAsync(pump, static job => job.Minutes.Add(10));
        await copy.Documents<Job>().EditAsync(pump, static job => job.Minutes.Add(100));
        await Exchange.MergeAsync(db, copy);
        Assert.Equal(410, (await copy.Documents<Job>().FindAsync(pump))!.Minutes.Value);
        await Rebuilding.AssertEqualAsync(copy);
    }

    [Fact]
    public async Task Backup_alone_tells_others_all_that_its_original_had_written()
    {
        using var folder = new TempFolder();
        await using (var db = await EdgeDatabase.OpenAsync(folder["a.db"]))
        {
            await db.Documents<Job>().EditAsync(DocumentId.Named("x"), static job => job.Title = "never sent, never sealed");
            await db.BackupAsync(folder["b.db"]);
        }
        File.Delete(folder["a.db"]);
        await using var copy = await EdgeDatabase.OpenAsync(folder["b.db"]);
        await using var peer = await EdgeDatabase.OpenAsync(folder["c.db"]);
        await Exchange.PushAsync(copy, peer);
        Assert.Equal("never sent, never sealed", (await peer.Documents<Job>().FindAsync(DocumentId.Named("x")))!.Title);
    }

    [Fact]
    public async Task Backup_has_no_device_key_in_it_and_each_copy_makes_its_own()
    {
        using var folder = new TempFolder();
        await using var db = await EdgeDatabase.OpenAsync(folder["a.db"]);
        await db.BackupAsync(folder["b.db"]);
        var key = (byte[])PlainSql.Scalar(folder["a.db"], "SELECT value FROM edge_meta WHERE key = 'key'")!;
        Assert.Equal(-1, File.ReadAllBytes(folder["b.db"]).AsSpan().IndexOf(key.AsSpan(36, 32)));
        File.Copy(folder["b.db"], folder["c.db"]);
        await using var b = await EdgeDatabase.OpenAsync(folder["b.db"]);
        await using var c = await EdgeDatabase.OpenAsync(folder["c.db"]);
        Assert.NotEqual((await b.OpenedAsync(default)).ReplicaId, (await c.OpenedAsync(default)).ReplicaId);
        Assert.NotEqual((await b.OpenedAsync(default)).Key.PublicKey.ToArray(), (await c.OpenedAsync(default)).Key.PublicKey.ToArray());
    }

    [Fact]
    public async Task Backup_is_of_one_moment_while_edits_go_on()
    {
        using var folder = new TempFolder();
        await using var db = await EdgeDatabase.OpenAsync(folder["a.db"]);
        using var stop = new CancellationTokenSource();
        var begun = new TaskCompletionSource();
        var edits = Task.Run(async () =>
        {
            for (var i = 0; !stop.IsCancellationRequested; i++)
            {
                await db.Documents<Job>().EditAsync(DocumentId.Named($"{i % 50}"), job => job.Notes.Append($"{i} "));
                if (i == 200) begun.TrySetResult();
            }
        });
        await begun.Task;
        for (var n = 0; n < 3; n++)
            await db.BackupAsync(folder[$"b{n}.db"]);
        await stop.CancelAsync();
        await edits;
        for (var n = 0; n < 3; n++)
        {
            var report = await EdgeDatabase.VerifyAsync(folder[$"b{n}.db"]);
            Assert.Empty(report.Faults);
            Assert.True(report.ChangeCount > 200);
        }
    }

    [Fact]
    public async Task Backup_does_not_replace_a_file_and_leaves_nothing_where_it_fails()
    {
        using var folder = new TempFolder();
        await using var db = await EdgeDatabase.OpenAsync(folder["a.db"]);
        await db.Documents<Job>().AddAsync(new Job());
        File.WriteAllText(folder["b.db"], "mine");
        var error = await Assert.ThrowsAsync<EdgeStorageException>(() => db.BackupAsync(folder["b.db"]));
        Assert.Contains("exists already", error.Message, StringComparison.Ordinal);
        Assert.Equal("mine", File.ReadAllText(folder["b.db"]));
        error = await Assert.ThrowsAsync<EdgeStorageException>(() => db.BackupAsync(folder["none/b.db"]));
        Assert.Equal(EdgeErrorCode.StorageUnreachable, error.Code);
        await db.Documents<Job>().AddAsync(new Job());
    }

    [Fact]
    public async Task Backup_that_finds_no_room_leaves_nothing_and_the_next_one_succeeds()
    {
        using var folder = new TempFolder();
        using var disk = new RootOnly.Mount("1m");
        await using var db = await EdgeDatabase.OpenAsync(folder["a.db"]);
        for (var i = 0; i < 20; i++)
            await db.Documents<Job>().AddAsync(new Job { Title = new('x', 100_000) });
        var error = await Assert.ThrowsAsync<EdgeStorageException>(() => db.BackupAsync(disk["b.db"]));
        Assert.Equal(EdgeErrorCode.StorageFull, error.Code);
        Assert.Empty(Directory.GetFiles(Path.GetDirectoryName(disk["b.db"])!));
        await db.BackupAsync(folder["b.db"]);
        Assert.True((await EdgeDatabase.VerifyAsync(folder["b.db"])).IsSound);
    }
}
