using Edge.Sync.Tests.Database;

namespace Edge.Sync.Tests.Projections.Search;

public sealed class SearchTests : IAsyncLifetime
{
    private readonly TempFolder _folder = new();
    private EdgeDatabase _db = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private DocumentSet<Article> Articles => _db.Documents<Article>();

    public async ValueTask InitializeAsync()
    {
        _db = await EdgeDatabase.OpenAsync(_folder["a.db"], Token);
        await AddAsync("pump", "Replace pump 7", "The seal of the pump leaks. Order two seals.");
        await AddAsync("valve", "Check valve", "Café valve, sealed by Łukasz.");
        await AddAsync("paint", "Paint the yard", "Green. No pump here.");
    }

    public async ValueTask DisposeAsync()
    {
        await _db.DisposeAsync();
        _folder.Dispose();
    }

    [Theory]
    [InlineData("pump", "paint pump")]
    [InlineData("PUMP", "paint pump")]
    [InlineData("pump seal", "pump")]
    [InlineData("pump AND seal*", "pump")]
    [InlineData("seal*", "pump valve")]
    [InlineData("seal", "pump")]
    [InlineData("valve OR yard", "paint valve")]
    [InlineData("pump NOT seal", "paint")]
    [InlineData("pump AND NOT seal", "paint")]
    [InlineData("valve OR pump NOT seal", "paint valve")]
    [InlineData("\"two seals\"", "pump")]
    [InlineData("\"seals two\"", "")]
    [InlineData("\"order two\"*", "pump")]
    [InlineData("cafe", "valve")]
    [InlineData("pump-7", "pump")]
    [InlineData("pump AND", "paint pump")]
    [InlineData("OR pump", "paint pump")]
    [InlineData("pump \"", "paint pump")]
    [InlineData("NOT", "")]
    [InlineData("!!! pump", "paint pump")]
    [InlineData("!!!", "")]
    [InlineData("", "paint pump valve")]
    [InlineData("  ", "paint pump valve")]
    [InlineData("Title:pump", "")]
    [InlineData("near(pump", "")]
    public async Task Words_are_found(string text, string names)
    {
        Assert.Equal(names, await NamesAsync(Articles.Search(text)));
        Assert.Equal(names.Split(' ', StringSplitOptions.RemoveEmptyEntries).Length, await Articles.Search(text).CountAsync(Token));
    }

    [Fact]
    public async Task Every_kind_of_text_is_searched_and_no_other()
    {
        await Articles.EditAsync(DocumentId.Named("kinds"), static article =>
        {
            article.Title = "kinds";
            article.Tag = "tagged";
            article.Body.Append("bodied");
            article.Page.Append("paged");
            article.Author.Value = "authored";
            article.Hidden = "hidden";
        }, Token);
        foreach (var word in (string[])["kinds", "tagged", "bodied", "paged", "authored"])
            Assert.Equal("kinds", await NamesAsync(Articles.Search(word)));
        Assert.Equal("", await NamesAsync(Articles.Search("hidden")));
    }

    [Fact]
    public async Task Search_joins_with_other_steps()
    {
        await Articles.EditAsync(DocumentId.Named("paint"), static article => article.Stars = 5, Token);
        Assert.Equal("paint", await NamesAsync(Articles.Search("pump").Where(static a => a.Stars > 3)));
        Assert.Equal("paint", await NamesAsync(Articles.Where(static a => a.Stars > 3).Search("pump")));
        Assert.Equal("pump", await NamesAsync(Articles.Search("pump").Search("seal")));
        Assert.Equal(["Paint the yard", "Replace pump 7"], await TitlesAsync(Articles.Search("pump").OrderBy(static a => a.Title)));
        Assert.Equal(["Replace pump 7"], await TitlesAsync(Articles.Search("pump").OrderByDescending(static a => a.Title).Take(1)));
        Assert.True(await Articles.Search("valve").AnyAsync(Token));
        // The best match first: twice in a short text, then once.
        Assert.Equal(["Replace pump 7", "Paint the yard"], await TitlesAsync(Articles.Search("pump")));
        Assert.Equal("Replace pump 7", (await Articles.Search("pump").FirstOrDefaultAsync(Token))?.Title);
        Assert.Throws<NotSupportedException>(() => Articles.Take(1).Search("pump"));
    }

    [Fact]
    public async Task Expression_of_the_apps_own_is_taken_as_it_is()
    {
        Assert.Equal("pump", await NamesAsync(Articles.Search("Title : pump", SearchSyntax.Fts5)));
        Assert.Equal("pump", await NamesAsync(Articles.Search("NEAR(seal pump, 3)", SearchSyntax.Fts5)));
        foreach (var malformed in (string[])["pump AND", "\"pump", "Nothing : pump", "(", "*"])
        {
            var error = await Assert.ThrowsAsync<EdgeDataException>(() => Articles.Search(malformed, SearchSyntax.Fts5).ToListAsync(Token));
            Assert.Equal("search", error.Field);
            await Assert.ThrowsAsync<EdgeDataException>(() => Articles.Search(malformed, SearchSyntax.Fts5).CountAsync(Token));
        }
    }

    [Fact]
    public void Collection_without_searchable_texts_says_what_it_lacks() =>
        Assert.Contains("[Searchable]", Assert.Throws<NotSupportedException>(() => _db.Documents<Job>().Search("pump")).Message, StringComparison.Ordinal);

    [Fact]
    public void Too_much_text_is_refused()
    {
        Assert.Throws<ArgumentException>(() => Articles.Search(new('a', 4097)));
        Assert.Throws<ArgumentException>(() => Articles.Search(string.Join(' ', Enumerable.Repeat("a", 65))));
        Assert.NotNull(Articles.Search(string.Join(' ', Enumerable.Repeat("a", 64))));
    }

    [Fact]
    public async Task Index_follows_edits_deletions_and_restoring()
    {
        var id = DocumentId.Named("pump");
        await Articles.EditAsync(id, static article => article.Title = "Replace turbine 7", Token);
        Assert.Equal("pump", await NamesAsync(Articles.Search("turbine")));
        await Articles.EditAsync(id, static article => article.Body.Value = "", Token);
        Assert.Equal("", await NamesAsync(Articles.Search("seal")));
        await Articles.EditAsync(id, static article => article.Stars = 3, Token); // no text
        Assert.Equal("pump", await NamesAsync(Articles.Search("turbine")));
        await Articles.DeleteAsync(id, Token);
        Assert.Equal("", await NamesAsync(Articles.Search("turbine")));
        await Articles.RestoreAsync(id, Token);
        Assert.Equal("pump", await NamesAsync(Articles.Search("turbine")));
        CheckIndex();
    }

    [Fact]
    public async Task Index_is_made_again_with_its_table()
    {
        await _db.RepairAsync();
        Assert.Equal("paint pump", await NamesAsync(Articles.Search("pump")));
        await Articles.EditAsync(DocumentId.Named("pump"), static article => article.Title = "turbine", Token);
        CheckIndex();
        foreach (var table in (string[])["edge_search_article", "article"])
        {
            await _db.DisposeAsync();
            PlainSql.Execute(_folder["a.db"], $"DROP TABLE {table}");
            _db = await EdgeDatabase.OpenAsync(_folder["a.db"], Token);
            Assert.Equal("paint pump", await NamesAsync(Articles.Search("pump")));
            CheckIndex();
        }
    }

    [Fact]
    public async Task Class_that_becomes_searchable_gets_its_index()
    {
        using var folder = new TempFolder();
        await using (var db = await EdgeDatabase.OpenAsync(folder["a.db"], Token))
            await db.Documents<OldArticle>().EditAsync(DocumentId.Named("old"), static article => article.Title = "an old pump", Token);
        await using (var db = await EdgeDatabase.OpenAsync(folder["a.db"], Token))
            Assert.Equal("an old pump", (await db.Documents<Article>().Search("pump").FirstOrDefaultAsync(Token))?.Title);
        Assert.Equal(1L, PlainSql.Scalar(folder["a.db"], "SELECT count(*) FROM sqlite_schema WHERE name = 'edge_index_article_Stars'"));
        await using (var db = await EdgeDatabase.OpenAsync(folder["a.db"], Token))
            Assert.Equal(1, await db.Documents<OldArticle>().CountAsync(Token));
        Assert.Equal(0L, PlainSql.Scalar(folder["a.db"], "SELECT count(*) FROM sqlite_schema WHERE name LIKE 'edge_search%' OR name LIKE 'edge_index%'"));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Random_documents_are_found_as_a_plain_scan_finds_them(int seed)
    {
        var random = new Random(seed);
        string[] words = ["pump", "pumps", "seal", "valve", "Öl", "7"];
        var texts = new Dictionary<DocumentId, string>();
        for (var step = 0; step < 60; step++)
        {
            var id = DocumentId.Named($"random {random.Next(20)}");
            if (random.Next(5) == 0) { await Articles.DeleteAsync(id, Token); texts.Remove(id); continue; }
            var text = string.Join(' ', Enumerable.Range(0, random.Next(5)).Select(_ => words[random.Next(words.Length)]));
            await Articles.EditAsync(id, text, static (article, text) => article.Body.Value = text, Token);
            texts[id] = text;
        }
        foreach (var id in (string[])["pump", "valve", "paint"]) await Articles.DeleteAsync(DocumentId.Named(id), Token);
        CheckIndex();
        for (var round = 0; round < 60; round++)
        {
            var (text, holds) = RandomSearch(random, words, depth: 2);
            var expected = texts.Where(pair => holds(pair.Value.Split(' '))).Select(static pair => pair.Key).Order().ToList();
            Assert.True(expected.SequenceEqual((await Articles.Search(text).ToListAsync(Token)).Select(static a => a.Id).Order()), $"seed {seed}: {text}");
        }
    }

    [Fact]
    public async Task Nothing_that_a_user_types_is_an_error()
    {
        var random = new Random(7);
        string[] pieces = ["pump", "AND", "OR", "NOT", "\"", "*", "(", ")", ":", "-", "^", "+", "{", "}", "'", "\0", "\uD83D", "😀", " ", "NEAR", ";--", "\n", "%"];
        for (var round = 0; round < 300; round++)
        {
            var text = string.Concat(Enumerable.Range(0, random.Next(12)).Select(_ => pieces[random.Next(pieces.Length)]));
            try { await Articles.Search(text).ToListAsync(Token); }
            catch (Exception e) { Assert.Fail($"'{text}': {e.Message}"); }
        }
    }

    // AND of ORs of words, as people can write it: NOT binds first, then AND, then OR.
    private static (string Text, Func<string[], bool> Holds) RandomSearch(Random random, string[] words, int depth)
    {
        if (depth == 0)
        {
            var word = words[random.Next(words.Length)];
            return random.Next(3) == 0 ? ($"{word[..1]}*", texts => texts.Any(t => t.StartsWith(word[..1], StringComparison.OrdinalIgnoreCase))) : (word, texts => texts.Contains(word));
        }
        var (left, right) = (RandomSearch(random, words, depth - 1), RandomSearch(random, words, depth - 1));
        return depth == 2
            ? ($"{left.Text} OR {right.Text}", texts => left.Holds(texts) || right.Holds(texts))
            : random.Next(3) switch
            {
                0 => ($"{left.Text} NOT {right.Text}", texts => left.Holds(texts) && !right.Holds(texts)),
                1 => ($"{left.Text} AND {right.Text}", texts => left.Holds(texts) && right.Holds(texts)),
                _ => ($"{left.Text} {right.Text}", texts => left.Holds(texts) && right.Holds(texts)),
            };
    }

    private Task<Receipt> AddAsync(string name, string title, string body) => Articles.EditAsync(DocumentId.Named(name), (title, body), static (article, texts) =>
    {
        article.Title = texts.title;
        article.Body.Append(texts.body);
    }, Token);

    // FTS5's own check, against the texts of the rows.
    private void CheckIndex() => PlainSql.Execute(_folder["a.db"], "INSERT INTO edge_search_article (edge_search_article, rank) VALUES ('integrity-check', 1)");

    private static async Task<string[]> TitlesAsync(DocumentQuery<Article> query) => [.. (await query.ToListAsync(Token)).Select(static a => a.Title)];

    private static async Task<string> NamesAsync(DocumentQuery<Article> query)
    {
        string[] names = ["paint", "pump", "valve", "kinds"];
        var found = (await query.ToListAsync(Token)).Select(static a => a.Id).ToHashSet();
        return string.Join(' ', names.Where(name => found.Contains(DocumentId.Named(name))));
    }
}
