using Edge.Sync.Tests.Database;

namespace Edge.Sync.Tests.Storage;

public class DerivedTablesTests
{
    [Theory]
    [InlineData("DROP TABLE edge_documents; DROP TABLE edge_states; DROP TABLE edge_history; DELETE FROM edge_meta WHERE key = 'layout'")] // as an older version leaves it
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
