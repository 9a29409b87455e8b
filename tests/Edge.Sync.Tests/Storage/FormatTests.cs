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

    [Fact]
    public async Task File_of_a_preview_is_left_as_it_is_and_not_taken_for_a_damaged_one()
    {
        using var folder = new TempFolder();
        await MakeAsync(folder["a.db"]);
        PlainSql.Execute(folder["a.db"], $"PRAGMA user_version = {SqliteSchema.FormatVersionMin}");
        var hash = Opening.HashOf(folder["a.db"]);
        await using var db = new EdgeDatabase(new() { Path = folder["a.db"] });
        await Opening.AssertRefusedAsync(db, EdgeErrorCode.OlderFormat, folder["a.db"], "the preview that wrote it");
        Assert.Equal(EdgeErrorCode.OlderFormat, (await Assert.ThrowsAsync<EdgeStorageException>(() => EdgeDatabase.RepairAsync(folder["a.db"]))).Code);
        Assert.Equal(hash, Opening.HashOf(folder["a.db"]));
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
    public async Task Files_of_one_name_and_one_pairing_key_merge_though_born_apart_and_others_are_strangers()
    {
        using var folder = new TempFolder();
        byte[] key = [.. Enumerable.Range(0, EdgeDatabaseOptions.PairingKeyMin).Select(static i => (byte)i)], other = [.. key[1..], 99];
        await using var a = await EdgeDatabase.OpenAsync(new EdgeDatabaseOptions { Path = folder["a.db"], PairingKey = key });
        await using var b = await EdgeDatabase.OpenAsync(new EdgeDatabaseOptions { Path = folder["b.db"], PairingKey = key });
        await a.Documents<Job>().AddAsync(new Job { Title = "from a" });
        await b.Documents<Job>().AddAsync(new Job { Title = "from b" });
        await Exchange.MergeAsync(a, b);
        Assert.Equal(2, await a.Documents<Job>().CountAsync());

        await using var stranger = await EdgeDatabase.OpenAsync(new EdgeDatabaseOptions { Path = folder["stranger.db"], PairingKey = other });
        await using var keyless = await EdgeDatabase.OpenAsync(folder["keyless.db"]);
        Assert.Equal(3, new[] { a, stranger, keyless }.Select(static db => db.OpenedAsync(default).Result.DatabaseId).Distinct().Count());
    }

    [Fact]
    public async Task File_with_a_pairing_key_is_opened_with_it_only_and_is_repaired_and_looked_into_without()
    {
        using var folder = new TempFolder();
        byte[] key = [.. Enumerable.Range(0, EdgeDatabaseOptions.PairingKeyMax).Select(static i => (byte)i)];
        var options = new EdgeDatabaseOptions { Path = folder["a.db"], PairingKey = key };
        await using (var db = await EdgeDatabase.OpenAsync(options)) await db.Documents<Job>().AddAsync(new Job { Title = "x" });
        var hash = Opening.HashOf(folder["a.db"]);
        await using (var without = new EdgeDatabase(new() { Path = folder["a.db"] }))
            await Opening.AssertRefusedAsync(without, EdgeErrorCode.OtherDatabase, folder["a.db"], "EdgeDatabaseOptions.PairingKey");
        Assert.Equal(hash, Opening.HashOf(folder["a.db"]));
        Assert.True((await EdgeDatabase.VerifyAsync(folder["a.db"])).IsSound);
        Assert.True((await EdgeDatabase.RepairAsync(folder["a.db"])).IsComplete);
        await using var again = await EdgeDatabase.OpenAsync(options);
        Assert.Equal(1, await again.Documents<Job>().CountAsync());
    }

    [Theory]
    [InlineData(EdgeDatabaseOptions.PairingKeyMin - 1)]
    [InlineData(EdgeDatabaseOptions.PairingKeyMax + 1)]
    public void Pairing_key_that_can_be_guessed_or_has_no_end_is_refused(int length)
    {
        var error = Assert.Throws<ArgumentException>(() => new EdgeDatabase(new() { Path = "never made.db", PairingKey = new byte[length] }));
        Assert.Contains($"{length} bytes", error.Message, StringComparison.Ordinal);
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
