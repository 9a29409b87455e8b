using Edge.Sync.Storage;
using Edge.Sync.Tests.Database;

namespace Edge.Sync.Tests.Storage;

public class FormatTests
{
    [Fact]
    public async Task File_of_a_newer_version_is_left_as_it_is()
    {
        using var folder = new TempFolder();
        await MakeAsync(folder["a.db"]);
        PlainSql.Execute(folder["a.db"], $"PRAGMA user_version = {SqliteSchema.FormatVersion + 2}");
        var hash = Opening.HashOf(folder["a.db"]);
        await using var db = new EdgeDatabase(new() { Path = folder["a.db"] });
        await Opening.AssertRefusedAsync(db, EdgeErrorCode.NewerFormat, folder["a.db"], "Update Edge.Sync");
        Assert.Equal(hash, Opening.HashOf(folder["a.db"]));

        PlainSql.Execute(folder["a.db"], $"PRAGMA user_version = {SqliteSchema.FormatVersion + 1}");
        Assert.Equal(1, await db.Documents<Job>().CountAsync());
    }

    [Theory]
    [InlineData("WAL")]
    [InlineData("DELETE")] // as a copy made with VACUUM INTO is
    public async Task File_of_another_database_is_left_as_it_is(string journal)
    {
        using var folder = new TempFolder();
        await MakeAsync(folder["a.db"]);
        PlainSql.Execute(folder["a.db"], $"PRAGMA journal_mode = {journal}");
        var hash = Opening.HashOf(folder["a.db"]);
        await using var other = new EdgeDatabase(new() { Path = folder["a.db"], Name = "telemetry" });
        var error = await Opening.AssertRefusedAsync(other, EdgeErrorCode.OtherDatabase, folder["a.db"], "EdgeDatabaseOptions.Name");
        Assert.Contains("'default'", error.Message, StringComparison.Ordinal);
        Assert.Contains("'telemetry'", error.Message, StringComparison.Ordinal);
        Assert.Equal(hash, Opening.HashOf(folder["a.db"]));
        await using var db = await EdgeDatabase.OpenAsync(folder["a.db"]);
        Assert.Equal(1, await db.Documents<Job>().CountAsync());
    }

    [Fact]
    public async Task File_that_lacks_its_identity_is_damaged()
    {
        using var folder = new TempFolder();
        await MakeAsync(folder["a.db"]);
        PlainSql.Execute(folder["a.db"], "DELETE FROM edge_meta WHERE key = 'replica'");
        await using var db = new EdgeDatabase(new() { Path = folder["a.db"] });
        await Opening.AssertRefusedAsync(db, EdgeErrorCode.StorageDamaged, folder["a.db"], "restore the last backup");
    }

    private static async Task MakeAsync(string path)
    {
        await using var db = await EdgeDatabase.OpenAsync(path);
        await db.Documents<Job>().AddAsync(new Job { Title = "x" });
    }
}
