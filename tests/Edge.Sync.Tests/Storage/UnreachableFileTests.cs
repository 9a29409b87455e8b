namespace Edge.Sync.Tests.Storage;

public class UnreachableFileTests
{
    [Fact]
    public async Task Missing_folder_is_named_and_the_next_call_tries_again()
    {
        using var folder = new TempFolder();
        var path = folder[Path.Combine("missing", "a.db")];
        await using var db = new EdgeDatabase(new() { Path = path });
        await Opening.AssertRefusedAsync(db, EdgeErrorCode.StorageUnreachable, path, "Create it first");
        Assert.Empty(Directory.GetFileSystemEntries(folder.Path));

        Directory.CreateDirectory(folder["missing"]);
        await db.Documents<Job>().AddAsync(new Job());
    }

    [Fact]
    public async Task Path_of_a_folder_cannot_be_opened()
    {
        using var folder = new TempFolder();
        Directory.CreateDirectory(folder["a.db"]);
        await using var db = new EdgeDatabase(new() { Path = folder["a.db"] });
        await Opening.AssertRefusedAsync(db, EdgeErrorCode.StorageUnreachable, folder["a.db"], "Check that");
        Directory.Delete(folder["a.db"]);
        await db.Documents<Job>().AddAsync(new Job());
    }

    [Fact]
    public async Task Path_below_a_file_cannot_be_opened()
    {
        using var folder = new TempFolder();
        File.WriteAllText(folder["file"], "x");
        var path = folder[Path.Combine("file", "a.db")];
        await using var db = new EdgeDatabase(new() { Path = path });
        var error = await Assert.ThrowsAsync<EdgeStorageException>(() => db.EnsureOpenAsync());
        Assert.Equal(EdgeErrorCode.StorageUnreachable, error.Code);
        Assert.Equal("x", File.ReadAllText(folder["file"]));
    }

    [Fact]
    public void Path_that_is_none_is_the_callers_slip()
    {
        Assert.Throws<ArgumentException>(() => new EdgeDatabase(new() { Path = " " }));
        Assert.Throws<ArgumentException>(() => new EdgeDatabase(new() { Path = "a.db", Name = "" }));
        Assert.Throws<ArgumentOutOfRangeException>(() => new EdgeDatabase(new() { Path = "a.db", ClockDriftMax = TimeSpan.FromSeconds(-1) }));
    }
}
