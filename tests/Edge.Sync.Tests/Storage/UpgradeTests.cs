using Edge.Sync.Storage;
using Edge.Sync.Tests.Database;
using Edge.Sync.Trust;
using Microsoft.Data.Sqlite;

namespace Edge.Sync.Tests.Storage;

/// <summary>The way from one format version to the next, with a step that is only a test's.</summary>
public class UpgradeTests
{
    private static readonly SqliteFormat s_next = new(SqliteSchema.FormatVersion + 1, [.. Enumerable.Repeat<Action<SqliteConnection>>(AddColumn, SqliteSchema.FormatVersion + 1 - SqliteSchema.FormatVersionMin)]);

    [Fact]
    public async Task File_of_an_older_version_is_upgraded_in_place_and_a_copy_of_it_is_kept()
    {
        using var folder = new TempFolder();
        await VerifyTests.MakeAsync(folder["a.db"]);
        var replica = PlainSql.Scalar(folder["a.db"], "SELECT value FROM edge_meta WHERE key = 'replica'");
        using (var store = SqliteStore.Open(folder["a.db"], "default", new SeededRandom(1), s_next))
        {
            Assert.Equal(replica, store.Replica.ToByteArray());
            Assert.Equal(0, store.FoldVersion); // made again from the log by the replica that opens it
            Assert.Equal(62, store.ReadChanges(0, int.MaxValue).Count);
            var opened = new Replica(store, TimeProvider.System, new SeededRandom(2), TimeSpan.FromMinutes(5), PublicKey.OfP256(store.ReadKey().PublicKey.Span));
            Assert.Equal(9, opened.ReadDocuments().Count());
        }
        Assert.Equal(s_next.Version + 1L, PlainSql.Scalar(folder["a.db"], "PRAGMA user_version"));
        Assert.Equal(62L, PlainSql.Scalar(folder["a.db"], "SELECT count(*) FROM edge_changes WHERE reviewed = 1"));

        // Once only, and never back.
        SqliteStore.Open(folder["a.db"], "default", new SeededRandom(1), s_next).Dispose();
        await using (var old = new EdgeDatabase(new() { Path = folder["a.db"] }))
            await Opening.AssertRefusedAsync(old, EdgeErrorCode.NewerFormat, folder["a.db"], "Update Edge.Sync");

        var backup = folder[$"a.db.v{SqliteSchema.FormatVersion}.backup"];
        Assert.True((await EdgeDatabase.VerifyAsync(backup)).IsSound);
        File.Move(backup, folder["a.db"], overwrite: true);
        await using var db = await EdgeDatabase.OpenAsync(folder["a.db"]);
        Assert.Equal(8, await db.Documents<Job>().CountAsync());
    }

    [Fact]
    public async Task Step_that_fails_leaves_the_file_as_it_was()
    {
        using var folder = new TempFolder();
        await VerifyTests.MakeAsync(folder["a.db"]);
        var failing = s_next with
        {
            Steps = [.. Enumerable.Repeat<Action<SqliteConnection>>(static connection =>
            {
                AddColumn(connection);
                throw new InvalidOperationException("in mid-step");
            }, s_next.Steps.Count)],
        };
        Assert.Throws<EdgeStorageException>(() => SqliteStore.Open(folder["a.db"], "default", new SeededRandom(1), failing));
        Assert.True((await EdgeDatabase.VerifyAsync(folder["a.db"])).IsSound);
        await using (var db = await EdgeDatabase.OpenAsync(folder["a.db"]))
            Assert.Equal(8, await db.Documents<Job>().CountAsync());
        SqliteStore.Open(folder["a.db"], "default", new SeededRandom(1), s_next).Dispose();
        Assert.Equal(s_next.Version + 1L, PlainSql.Scalar(folder["a.db"], "PRAGMA user_version"));
    }

    private static void AddColumn(SqliteConnection connection) => PlainSql.Execute(connection, "ALTER TABLE edge_changes ADD COLUMN reviewed INTEGER NOT NULL DEFAULT 1");
}
