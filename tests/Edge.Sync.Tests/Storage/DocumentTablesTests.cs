using Edge.Sync.Tests.Database;

namespace Edge.Sync.Tests.Storage;

/// <summary>Which rows a document takes in the file. What is read must not tell.</summary>
public class DocumentTablesTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Batch_of_small_documents_writes_one_row_for_each()
    {
        using var folder = new TempFolder();
        await using var db = await EdgeDatabase.OpenAsync(folder["a.db"], Token);
        for (var batch = 0; batch < 10; batch++)
            await db.EditAsync(change =>
            {
                for (var i = 0; i < 100; i++) change.Document<Job>(DocumentId.Named($"{i}")).Title = $"{batch}";
            }, Token);
        Assert.Equal((100L, 0L, 0L), Rows(folder));
        await AssertIsSoundAsync(db);
    }

    [Fact]
    public async Task Large_state_stands_apart_until_it_is_small_again()
    {
        using var folder = new TempFolder();
        await using var db = await EdgeDatabase.OpenAsync(folder["a.db"], Token);
        var states = new List<long>();
        for (var round = 0; round < 3; round++)
        {
            await WriteAsync(new('x', 2000));
            states.Add(Rows(folder).States);
            // As much as is stored, in small pieces: then the state is written again.
            for (var i = 0; i < 40; i++) await WriteAsync($"{round} {i}");
            states.Add(Rows(folder).States);
        }
        Assert.Equal([1, 0, 1, 0, 1, 0], states);
        Assert.Equal("2 39", (await db.Documents<Job>().FindAsync(DocumentId.Named("0"), Token))!.Title);
        await AssertIsSoundAsync(db);

        Task WriteAsync(string title) => db.Documents<Job>().EditAsync(DocumentId.Named("0"), job => job.Title = title, Token);
    }

    [Theory]
    [InlineData(DocumentCache.CoveredCountMax, 0)]
    [InlineData(DocumentCache.CoveredCountMax + 1, 1)]
    [InlineData((3 * DocumentCache.CoveredCountMax) + 5, 3)]
    public async Task History_gets_many_changes_at_once(int changes, long rows)
    {
        using var folder = new TempFolder();
        var id = DocumentId.Named("0");
        await using (var db = await EdgeDatabase.OpenAsync(folder["a.db"], Token))
            for (var i = 0; i < changes; i++)
                await db.Documents<Job>().EditAsync(id, job => job.Title = new((char)('a' + (i % 26)), DocumentCache.TailBytesMin), Token);
        Assert.Equal(rows, Rows(folder).History);
        // Opened again, so that nothing of it is in memory.
        await using (var db = await EdgeDatabase.OpenAsync(folder["a.db"], Token))
        {
            await db.Documents<Job>().EditAsync(id, static job => job.Title = "last", Token);
            Assert.Equal(changes + 1, await db.History<Job>(id).CountAsync(Token));
            await AssertIsSoundAsync(db);
        }
        Assert.Equal(changes + 1, FileInspector.ReadLog(folder["a.db"], ("job", id), long.MaxValue).Count);
    }

    private static (long Documents, long States, long History) Rows(TempFolder folder) => (Count(folder, "edge_documents"), Count(folder, "edge_states"), Count(folder, "edge_history"));

    private static long Count(TempFolder folder, string table) => (long)PlainSql.Scalar(folder["a.db"], $"SELECT count(*) FROM {table}")!;

    private static async Task AssertIsSoundAsync(EdgeDatabase db)
    {
        Assert.Empty((await db.VerifyAsync(cancellationToken: Token)).Faults);
        await Rebuilding.AssertEqualAsync(db);
    }
}
