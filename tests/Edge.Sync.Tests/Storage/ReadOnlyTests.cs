using Edge.Sync.Tests.Database;

namespace Edge.Sync.Tests.Storage;

public class ReadOnlyTests
{
    private static readonly DocumentId s_pump = DocumentId.Named("pump-7");

    [Fact]
    public async Task Read_only_medium_is_told_apart_from_a_locked_file()
    {
        using var disk = new RootOnly.Mount("4m");
        await MakeAsync(disk["a.db"]);
        disk.Remount("ro");
        await using var db = new EdgeDatabase(new() { Path = disk["a.db"] });
        await Opening.AssertRefusedAsync(db, EdgeErrorCode.StorageReadOnly, disk["a.db"], "Check the permissions");
        disk.Remount("rw");
        await AssertWorksAsync(db);
    }

    [Fact]
    public async Task Read_only_medium_without_the_file_is_read_only_too()
    {
        using var disk = new RootOnly.Mount("4m");
        disk.Remount("ro");
        await using var db = new EdgeDatabase(new() { Path = disk["new.db"] });
        await Opening.AssertRefusedAsync(db, EdgeErrorCode.StorageReadOnly, disk["new.db"], "Check the permissions");
        disk.Remount("rw");
        await db.Documents<Job>().AddAsync(new Job());
    }

    [Fact]
    public async Task Read_only_file_is_refused_when_it_is_opened()
    {
        using var folder = new TempFolder();
        await MakeAsync(folder["a.db"]);
        var hash = Opening.HashOf(folder["a.db"]);
        SetReadOnly(folder["a.db"], true);
        try
        {
            await using var db = new EdgeDatabase(new() { Path = folder["a.db"] });
            await Opening.AssertRefusedAsync(db, EdgeErrorCode.StorageReadOnly, folder["a.db"], "Check the permissions");
            SetReadOnly(folder["a.db"], false);
            Assert.Equal(hash, Opening.HashOf(folder["a.db"]));
            await AssertWorksAsync(db);
        }
        finally { SetReadOnly(folder["a.db"], false); }
    }

    // Root writes to files of any mode, but not to immutable ones.
    private static void SetReadOnly(string path, bool readOnly)
    {
        if (OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess) RootOnly.Run("chattr", readOnly ? "+i" : "-i", path);
        else File.SetAttributes(path, readOnly ? FileAttributes.ReadOnly : FileAttributes.Normal);
    }

    private static async Task MakeAsync(string path)
    {
        await using var db = await EdgeDatabase.OpenAsync(path);
        await db.Documents<Job>().EditAsync(s_pump, static job => job.Minutes.Add(1));
    }

    private static async Task AssertWorksAsync(EdgeDatabase db)
    {
        await db.Documents<Job>().EditAsync(s_pump, static job => job.Minutes.Add(1));
        Assert.Equal(2, (await db.Documents<Job>().FindAsync(s_pump))!.Minutes.Value);
        await Rebuilding.AssertEqualAsync(db);
    }
}
