using Edge.Sync.Storage;
using Edge.Sync.Tests.Database;
using Microsoft.Data.Sqlite;

namespace Edge.Sync.Tests.Storage;

public class LockedFileTests
{
    private static readonly DocumentId s_pump = DocumentId.Named("pump-7");

    [Fact]
    public async Task Second_database_object_on_one_file_is_refused_until_the_first_is_disposed()
    {
        using var folder = new TempFolder();
        await using var second = new EdgeDatabase(new() { Path = folder["a.db"] });
        await using (var first = await EdgeDatabase.OpenAsync(folder["a.db"]))
        {
            await Opening.AssertRefusedAsync(second, EdgeErrorCode.StorageLocked, folder["a.db"], "Close the other one");
            await first.Documents<Job>().EditAsync(s_pump, static job => job.Minutes.Add(1));
        }
        await second.Documents<Job>().EditAsync(s_pump, static job => job.Minutes.Add(1));
        Assert.Equal(2, (await second.Documents<Job>().FindAsync(s_pump))!.Minutes.Value);
    }

    [Fact]
    public async Task Write_lock_of_another_program_fails_the_edit_and_reads_go_on()
    {
        using var folder = new TempFolder();
        await using var db = await EdgeDatabase.OpenAsync(folder["a.db"]);
        await db.Documents<Job>().EditAsync(s_pump, static job => job.Minutes.Add(1));
        var store = (SqliteStore)(await db.OpenedAsync(default)).Replica.Store;
        store.Connection.DefaultTimeout = 1; // seconds; 30 by default
        using (var other = PlainSql.Open(folder["a.db"], SqliteOpenMode.ReadWrite))
        {
            PlainSql.Execute(other, "BEGIN IMMEDIATE");
            var error = await Assert.ThrowsAsync<EdgeStorageException>(() => db.Documents<Job>().EditAsync(s_pump, static job => job.Minutes.Add(10)));
            Assert.Equal(EdgeErrorCode.StorageLocked, error.Code);
            Assert.Equal(5, error.SqliteErrorCode & 0xFF);
            Assert.Contains("try again", error.Message, StringComparison.Ordinal);
            Assert.Equal(1, (await db.Documents<Job>().FindAsync(s_pump))!.Minutes.Value);
            PlainSql.Execute(other, "ROLLBACK");
        }
        await db.Documents<Job>().EditAsync(s_pump, static job => job.Minutes.Add(100));
        Assert.Equal(101, (await db.Documents<Job>().FindAsync(s_pump))!.Minutes.Value);
        await Rebuilding.AssertEqualAsync(db);
        await LogChain.AssertValidAsync(db);
    }

    [Fact]
    public async Task Feed_that_someone_else_has_written_to_is_not_forked()
    {
        using var folder = new TempFolder();
        await using var db = await EdgeDatabase.OpenAsync(folder["a.db"]);
        await db.Documents<Job>().EditAsync(s_pump, static job => job.Minutes.Add(1));
        PlainSql.Execute(folder["a.db"], "INSERT INTO edge_changes SELECT 2, feed, last + 2, id, seal, bytes FROM edge_changes");
        var error = await Assert.ThrowsAsync<EdgeStorageException>(() => db.Documents<Job>().EditAsync(s_pump, static job => job.Minutes.Add(10)));
        Assert.Equal(EdgeErrorCode.StorageLocked, error.Code);
        Assert.Contains("keep one writer", error.Message, StringComparison.Ordinal);
        Assert.Equal(2L, PlainSql.Scalar(folder["a.db"], "SELECT count(*) FROM edge_changes"));
    }
}
