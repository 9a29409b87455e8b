using Edge.Sync.Tests.Database;

namespace Edge.Sync.Tests.Storage;

public class DerivedTablesTests
{
    [Theory]
    [InlineData("DROP TABLE edge_documents; DROP TABLE edge_states; DROP TABLE edge_history; DELETE FROM edge_meta WHERE key = 'layout'")] // as an older version leaves it
    [InlineData("""
        DROP TABLE edge_documents; DROP TABLE edge_states; DROP TABLE edge_history; UPDATE edge_meta SET value = 5 WHERE key = 'layout';
        CREATE TABLE edge_documents (row INTEGER PRIMARY KEY, collection TEXT NOT NULL, id BLOB NOT NULL, present INTEGER NOT NULL, version INTEGER NOT NULL, tail BLOB NOT NULL);
        CREATE TABLE edge_states (row INTEGER PRIMARY KEY, covers INTEGER NOT NULL, state BLOB NOT NULL);
        CREATE TABLE edge_history (document INTEGER NOT NULL, last INTEGER NOT NULL, sequences BLOB NOT NULL, PRIMARY KEY (document, last)) WITHOUT ROWID;
        INSERT INTO edge_documents VALUES (1, 'job', zeroblob(16), 1, 1, x''); INSERT INTO edge_states VALUES (1, 1, x'c1'); INSERT INTO edge_history VALUES (1, 1, x'01');
        """)] // with a row in edge_states and in edge_history for each stored state
    [InlineData("UPDATE edge_meta SET value = 0 WHERE key = 'fold'; DELETE FROM edge_states; DELETE FROM edge_history; UPDATE edge_documents SET tail = x''; DELETE FROM job")]
    [InlineData("UPDATE edge_meta SET value = 99 WHERE key = 'layout'; DELETE FROM job")]
    public async Task What_follows_from_the_log_is_made_again_where_another_version_made_it(string sql)
    {
        using var folder = new TempFolder();
        await using (var db = await EdgeDatabase.OpenAsync(folder["a.db"]))
            for (var i = 0; i < 50; i++)
                await db.Documents<Job>().EditAsync(DocumentId.Named($"{i % 7}"), job => job.Title = $"{i}");
        PlainSql.Execute(folder["a.db"], sql);
        await using (var db = await EdgeDatabase.OpenAsync(folder["a.db"]))
        {
            // Before any class is used: plain SQL readers see the tables at once.
            Assert.Equal(7L, PlainSql.Scalar(folder["a.db"], "SELECT count(*) FROM job"));
            await Rebuilding.AssertEqualAsync(db);
            await db.Documents<Job>().EditAsync(DocumentId.Named("0"), static job => job.Title = "after");
            await Rebuilding.AssertEqualAsync(db);
            Assert.Equal("after", (await db.Documents<Job>().FindAsync(DocumentId.Named("0")))!.Title);
        }
    }
}
