// As people write it.
#pragma warning disable CA1310, CA2016, xUnit1051

using Edge.Sync.Tests.Projections.Search;

namespace Edge.Sync.Tests.Docs;

/// <summary>The code of docs/queries.md.</summary>
public partial class QuerySnippets
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Page_shows_what_runs()
    {
        using var folder = new TempFolder();
        await using var db = await EdgeDatabase.OpenAsync(folder["a.db"], Token);
        await db.Documents<Job>().AddAsync(new Job { Title = "Replace pump 7", Parts = { "seal" } }, Token);
        await db.Documents<Article>().AddAsync(new Article { Title = "Pump and seals" }, Token);
        var title = "Replace pump 7";
        var id = DocumentId.Named("pump-7");

        // snippet: query
        var jobs = db.Documents<Job>();
        var open = await jobs.Where(j => !j.Done && j.Minutes < 60).OrderBy(j => j.Due).ThenBy(j => j.Title).Take(20).ToListAsync();
        var first = await jobs.FirstOrDefaultAsync(j => j.Title == title);
        var count = await jobs.CountAsync(j => j.Parts.Contains("seal"));
        var any = await jobs.AnyAsync(j => j.Notes.Value.StartsWith("leaks"));
        var pump = await jobs.FindAsync(id);
        // end
        Assert.Single(open);
        Assert.Equal((title, 1L, false), (first?.Title, count, any));
        Assert.Null(pump);

        // snippet: search
        var articles = db.Documents<Article>();
        var found = await articles.Search("pump AND seal*").Take(10).ToListAsync();
        var byTitle = await articles.Search("Title : pump", SearchSyntax.Fts5).OrderBy(a => a.Title).ToListAsync();
        // end
        Assert.Single(found);
        Assert.Single(byTitle);

        // snippet: sql
        await using var sql = await db.OpenReadConnectionAsync();
        await using var command = sql.CreateCommand();
        command.CommandText = "SELECT Title, value AS part FROM job, json_each(job.Parts) ORDER BY Title";
        await using var rows = await command.ExecuteReaderAsync();
        // end
        Assert.True(await rows.ReadAsync(Token));
        Assert.Equal("seal", rows.GetString(1));
    }

    // snippet: searchable
    [EdgeDocument("manual")]
    public partial class Manual
    {
        [Searchable] public partial string Title { get; set; }
        [Searchable] public partial ReplicatedText Body { get; }
        [Indexed] public partial DateTimeOffset? Due { get; set; }
    }
    // end
}
