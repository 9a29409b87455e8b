using Edge.Sync.Tests.Database;

namespace Edge.Sync.Tests.Storage;

public class ForeignFileTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(99)]
    [InlineData(512)]
    [InlineData(100_000)]
    public async Task File_of_random_bytes_is_no_database_and_is_left_as_it_is(int length)
    {
        using var folder = new TempFolder();
        var bytes = new byte[length];
        new Random(length).NextBytes(bytes);
        File.WriteAllBytes(folder["a.db"], bytes);
        await using var db = new EdgeDatabase(new() { Path = folder["a.db"] });
        await Opening.AssertRefusedAsync(db, EdgeErrorCode.NotADatabase, folder["a.db"], "Choose another path");
        Assert.Equal(bytes, File.ReadAllBytes(folder["a.db"]));

        // The cause is gone: the same object opens.
        File.Delete(folder["a.db"]);
        await db.Documents<Job>().AddAsync(new Job());
    }

    [Theory]
    [InlineData("DELETE")]
    [InlineData("WAL")]
    public async Task Sqlite_file_of_another_program_is_left_as_it_is(string journal)
    {
        using var folder = new TempFolder();
        PlainSql.Execute(folder["a.db"], $"PRAGMA journal_mode = {journal}; CREATE TABLE job (id TEXT); INSERT INTO job VALUES ('theirs');");
        var hash = Opening.HashOf(folder["a.db"]);
        await using var db = new EdgeDatabase(new() { Path = folder["a.db"] });
        await Opening.AssertRefusedAsync(db, EdgeErrorCode.NotADatabase, folder["a.db"], "another program");
        Assert.Equal(hash, Opening.HashOf(folder["a.db"]));
        Assert.Equal(["a.db", "a.db.lock"], Directory.GetFiles(folder.Path).Select(Path.GetFileName).Order());
        Assert.Equal("theirs", PlainSql.Scalar(folder["a.db"], "SELECT id FROM job"));
    }

    [Fact]
    public async Task Empty_file_becomes_a_database()
    {
        using var folder = new TempFolder();
        File.WriteAllBytes(folder["a.db"], []);
        await using var db = await EdgeDatabase.OpenAsync(folder["a.db"]);
        await db.Documents<Job>().AddAsync(new Job());
    }

    [Fact]
    public async Task Sqlite_file_of_another_program_without_tables_is_not_taken()
    {
        using var folder = new TempFolder();
        PlainSql.Execute(folder["a.db"], "PRAGMA application_id = 7; PRAGMA user_version = 3;");
        var hash = Opening.HashOf(folder["a.db"]);
        await using var db = new EdgeDatabase(new() { Path = folder["a.db"] });
        await Opening.AssertRefusedAsync(db, EdgeErrorCode.NotADatabase, folder["a.db"], "another program");
        Assert.Equal(hash, Opening.HashOf(folder["a.db"]));
    }
}
