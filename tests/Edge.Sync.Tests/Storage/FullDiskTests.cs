using Edge.Sync.Tests.Database;

namespace Edge.Sync.Tests.Storage;

public class FullDiskTests
{
    [Fact]
    public async Task Full_disk_fails_edits_and_loses_nothing_and_work_goes_on_once_there_is_room()
    {
        using var disk = new RootOnly.Mount("4m");
        var path = disk["a.db"];
        var acknowledged = new List<DocumentId>();
        await using (var db = await EdgeDatabase.OpenAsync(path))
        {
            acknowledged.Add((await db.Documents<Job>().AddAsync(new Job { Title = "first" })).DocumentId);
            for (var round = 0; round < 3; round++)
            {
                FillUp(disk["ballast"]);
                var error = await EditUntilFullAsync(db, acknowledged);
                Assert.Equal(EdgeErrorCode.StorageFull, error.Code);
                Assert.Contains("Make room", error.Message, StringComparison.Ordinal);
                Assert.Contains(path, error.Message, StringComparison.Ordinal);
                Assert.Equal(acknowledged.Count, await db.Documents<Job>().CountAsync()); // reads go on

                File.Delete(disk["ballast"]);
                acknowledged.Add((await db.Documents<Job>().AddAsync(new Job { Title = "there is room again" })).DocumentId);
                await AssertAllAsync(db, acknowledged);
            }
        }
        await using (var db = await EdgeDatabase.OpenAsync(path))
            await AssertAllAsync(db, acknowledged);
    }

    [Fact]
    public async Task File_that_cannot_be_made_on_a_full_disk_is_made_once_there_is_room()
    {
        using var disk = new RootOnly.Mount("4m");
        FillUp(disk["ballast"]);
        await using var db = new EdgeDatabase(new() { Path = disk["a.db"] });
        var error = await Assert.ThrowsAsync<EdgeStorageException>(() => db.Documents<Job>().AddAsync(new Job()));
        Assert.Equal(EdgeErrorCode.StorageFull, error.Code);
        File.Delete(disk["ballast"]);
        await db.Documents<Job>().AddAsync(new Job());
    }

    [Fact]
    public async Task Medium_without_room_for_another_file_is_full()
    {
        using var disk = new RootOnly.Mount("4m,nr_inodes=1");
        await using var db = new EdgeDatabase(new() { Path = disk["a.db"] });
        await Opening.AssertRefusedAsync(db, EdgeErrorCode.StorageFull, disk["a.db"], "Make room");
        disk.Remount("nr_inodes=100");
        await db.Documents<Job>().AddAsync(new Job());
    }

    private static void FillUp(string path)
    {
        using var file = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0);
        try
        {
            while (true)
                file.Write(new byte[4096]);
        }
        catch (IOException) { /* full */ }
    }

    private static async Task<EdgeStorageException> EditUntilFullAsync(EdgeDatabase db, List<DocumentId> acknowledged)
    {
        while (true)
        {
            try
            {
                // In groups, so that a commit of several fails as a whole.
                var edits = Enumerable.Range(0, 5).Select(i => db.Documents<Job>().AddAsync(new Job { Title = new('x', 3_000) })).ToArray();
                await Task.WhenAll(edits.Select(static edit => edit.ContinueWith(static _ => { }, TaskScheduler.Default)));
                foreach (var edit in edits)
                    if (edit.IsCompletedSuccessfully) acknowledged.Add((await edit).DocumentId);
                await Task.WhenAll(edits);
            }
            catch (EdgeStorageException e) { return e; }
        }
    }

    private static async Task AssertAllAsync(EdgeDatabase db, List<DocumentId> acknowledged)
    {
        Assert.Equal(acknowledged.Order(), (await db.Documents<Job>().ToListAsync()).Select(static job => job.Id).Order());
        await Rebuilding.AssertEqualAsync(db);
        await LogChain.AssertValidAsync(db);
    }
}
