using Edge.Sync.Tests.Projections;
using Edge.Sync.Tests.Projections.Search;

namespace Edge.Sync.Tests.Live;

/// <summary>Results that are kept up to date equal results that are asked for.</summary>
public sealed class FeedTests
{
    private static readonly DocumentId s_pump = DocumentId.Named("pump-7");

    public static TheoryData<string, int> Queries()
    {
        var data = new TheoryData<string, int>();
        foreach (var query in (string[])["all", "open by title", "by priority, due down", "by minutes", "by time", "second page", "first five", "busy"])
            for (var seed = 1; seed <= 3; seed++) data.Add(query, seed);
        return data;
    }

    [Theory]
    [MemberData(nameof(Queries))]
    public async Task Watched_result_equals_the_result_of_a_query_after_each_commit(string name, int seed)
    {
        using var folder = new TempFolder();
        await using var db = await EdgeDatabase.OpenAsync(folder["a.db"], TestContext.Current.CancellationToken);
        var jobs = db.Documents<Job>();
        DocumentQuery<Job> query = name switch
        {
            "all" => jobs,
            "open by title" => jobs.Where(static j => !j.Done).OrderBy(static j => j.Title),
            "by priority, due down" => jobs.OrderBy(static j => j.Priority).ThenByDescending(static j => j.Due),
            "by minutes" => jobs.Where(static j => j.Minutes > 2).OrderByDescending(static j => j.Minutes),
            "by time" => jobs.Where(static j => j.Due != null).OrderBy(static j => j.Due),
            "second page" => jobs.OrderBy(static j => j.Title).Skip(3).Take(4),
            "first five" => jobs.Where(static j => j.Priority != Priority.Low).OrderByDescending(static j => j.Title).Take(5),
            _ => jobs.Where(static j => j.Parts.Contains("seal") || j.Notes.Value.Contains('a')),
        };
        var random = new Random(seed);
        await using var watch = query.WatchAsync(TestContext.Current.CancellationToken).GetAsyncEnumerator(TestContext.Current.CancellationToken);
        IReadOnlyList<Job> seen = await watch.MoveNextAsync() ? watch.Current : [];
        for (var step = 0; step < 80; step++)
        {
            await db.EditAsync(change =>
            {
                for (var edits = random.Next(1, 4); edits > 0; edits--) EditRandomly(change, random);
            }, TestContext.Current.CancellationToken);
            var expected = Shown(await query.ToListAsync(TestContext.Current.CancellationToken));
            // A result on the way may be skipped, the last may not.
            while (Shown(seen) != expected)
            {
                using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
                patience.CancelAfter(TimeSpan.FromSeconds(30));
                try { Assert.True(await watch.MoveNextAsync().AsTask().WaitAsync(patience.Token)); }
                catch (OperationCanceledException) { Assert.Fail($"seed {seed}, step {step}: watched\n{Shown(seen)}\nbut there is\n{expected}"); }
                seen = watch.Current;
            }
        }
        var (runs, looks) = db.Feeds.Work;
        if (!name.Contains("page", StringComparison.Ordinal) && !name.Contains("five", StringComparison.Ordinal)) Assert.True(looks > runs, $"{runs} runs, {looks} looks");
    }

    /// <summary>All in one pass, so that what one feed looked up serves the others.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Watched_results_of_many_queries_equal_the_results_of_these_queries_after_each_commit(int seed)
    {
        using var folder = new TempFolder();
        await using var db = await EdgeDatabase.OpenAsync(folder["a.db"], TestContext.Current.CancellationToken);
        var jobs = db.Documents<Job>();
        var pump = DocumentId.Named("job 3");
        var queries = new List<DocumentQuery<Job>> { jobs.Where(j => j.Id == pump), jobs.Where(static j => j.Title.StartsWith('a')).OrderByDescending(static j => j.Due), jobs.OrderBy(static j => j.Notes.Length) };
        for (var i = -2; i < 10; i++)
        {
            var least = i;
            queries.Add(jobs.Where(j => j.Minutes >= least).OrderBy(static j => j.Title));
            queries.Add(jobs.Where(j => j.Minutes < least || j.Done).OrderByDescending(static j => j.Priority).ThenBy(static j => j.Minutes));
            queries.Add(jobs.Where(j => j.Parts.Count == least).OrderBy(static j => j.Done).Take(4));
        }
        var random = new Random(seed);
        var watches = queries.ConvertAll(static q => q.WatchAsync(TestContext.Current.CancellationToken).GetAsyncEnumerator(TestContext.Current.CancellationToken));
        foreach (var watch in watches) Assert.True(await watch.MoveNextAsync());
        for (var step = 0; step < 40; step++)
        {
            await db.EditAsync(change =>
            {
                for (var edits = random.Next(1, 4); edits > 0; edits--) EditRandomly(change, random);
            }, TestContext.Current.CancellationToken);
            for (var i = 0; i < queries.Count; i++)
            {
                var expected = Shown(await queries[i].ToListAsync(TestContext.Current.CancellationToken));
                while (Shown(watches[i].Current) != expected)
                {
                    using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
                    patience.CancelAfter(TimeSpan.FromSeconds(30));
                    try { Assert.True(await watches[i].MoveNextAsync().AsTask().WaitAsync(patience.Token)); }
                    catch (OperationCanceledException) { Assert.Fail($"seed {seed}, step {step}, query {i}: watched\n{Shown(watches[i].Current)}\nbut there is\n{expected}"); }
                }
            }
        }
        foreach (var watch in watches) await watch.DisposeAsync();
    }

    [Fact]
    public async Task A_hundred_different_queries_read_a_changed_document_once_and_run_no_more()
    {
        using var folder = new TempFolder();
        await using var db = await EdgeDatabase.OpenAsync(folder["a.db"], TestContext.Current.CancellationToken);
        var jobs = db.Documents<Job>();
        for (var i = 0; i < 20; i++) await jobs.EditAsync(DocumentId.Named($"job {i}"), i, static (job, i) => job.Title = $"{i % 7}", TestContext.Current.CancellationToken);
        var watches = Enumerable.Range(1000, 100).Select(most => jobs.Where(j => j.Minutes < most).OrderBy(static j => j.Title)
            .WatchAsync(TestContext.Current.CancellationToken).GetAsyncEnumerator(TestContext.Current.CancellationToken)).ToList();
        foreach (var watch in watches) Assert.True(await watch.MoveNextAsync());
        var before = db.Feeds.Work;
        var id = DocumentId.Named("job 5");
        // None of the queries' fields; one of each; the one that they sort by.
        foreach (var edit in (Action<Job>[])[static job => job.Done = true, static job => job.Minutes.Add(30), static job => job.Title = "x"])
        {
            await jobs.EditAsync(id, edit, TestContext.Current.CancellationToken);
            foreach (var watch in watches) Assert.True(await watch.MoveNextAsync());
            Assert.Single(watches.Select(watch => watch.Current.Single(job => job.Id == id)).Distinct(ReferenceEqualityComparer.Instance));
        }
        Assert.Equal((before.Runs, before.Looks + 300), db.Feeds.Work);
        Assert.All(watches, watch => Assert.Equal("x", watch.Current[^1].Title));
        foreach (var watch in watches) await watch.DisposeAsync();
    }

    [Fact]
    public async Task Commit_that_touches_nothing_of_a_query_does_not_run_it()
    {
        using var folder = new TempFolder();
        await using var db = await EdgeDatabase.OpenAsync(folder["a.db"], TestContext.Current.CancellationToken);
        var jobs = db.Documents<Job>();
        await jobs.EditAsync(s_pump, static job => job.Title = "open", TestContext.Current.CancellationToken);
        await jobs.EditAsync(DocumentId.Named("closed"), static job => job.Done = true, TestContext.Current.CancellationToken);
        await using var watch = jobs.Where(static j => !j.Done).OrderBy(static j => j.Title).Take(3).WatchAsync(TestContext.Current.CancellationToken).GetAsyncEnumerator(TestContext.Current.CancellationToken);
        Assert.True(await watch.MoveNextAsync());
        var before = db.Feeds.Work;
        // Another collection; a document outside, and none of the query's fields.
        await db.Documents<Site>().EditAsync(s_pump, static site => site.Name = "yard", TestContext.Current.CancellationToken);
        await jobs.EditAsync(DocumentId.Named("closed"), static job => job.Minutes.Add(1), TestContext.Current.CancellationToken);
        Assert.Equal(before, db.Feeds.Work);
        // In the result, and none of the query's fields: a look is enough although the query has a limit.
        await jobs.EditAsync(s_pump, static job => job.Minutes.Add(1), TestContext.Current.CancellationToken);
        Assert.True(await watch.MoveNextAsync());
        Assert.Equal(1, watch.Current.Single().Minutes.Value);
        Assert.Equal((before.Runs, before.Looks + 1), db.Feeds.Work);
        // A field of the query: with a limit, it runs again.
        await jobs.EditAsync(s_pump, static job => job.Title = "z", TestContext.Current.CancellationToken);
        Assert.True(await watch.MoveNextAsync());
        Assert.Equal((before.Runs + 1, before.Looks + 1), db.Feeds.Work);
    }

    [Fact]
    public async Task Equal_queries_share_one_run()
    {
        using var folder = new TempFolder();
        await using var db = await EdgeDatabase.OpenAsync(folder["a.db"], TestContext.Current.CancellationToken);
        var jobs = db.Documents<Job>();
        await jobs.EditAsync(s_pump, static job => job.Title = "a", TestContext.Current.CancellationToken);
        var watches = Enumerable.Range(0, 20).Select(i => Priority.Low).Select(p => jobs.Where(j => j.Priority == p).OrderBy(static j => j.Title).Take(10)
            .WatchAsync(TestContext.Current.CancellationToken).GetAsyncEnumerator(TestContext.Current.CancellationToken)).ToList();
        foreach (var watch in watches) Assert.True(await watch.MoveNextAsync());
        Assert.Equal(1, db.Feeds.Work.Runs);
        await jobs.EditAsync(s_pump, static job => job.Title = "b", TestContext.Current.CancellationToken);
        foreach (var watch in watches)
        {
            Assert.True(await watch.MoveNextAsync());
            Assert.Equal("b", watch.Current.Single().Title);
        }
        Assert.Equal(2, db.Feeds.Work.Runs);
        // Another value is another query.
        var high = Priority.High;
        await using var other = jobs.Where(j => j.Priority == high).OrderBy(static j => j.Title).Take(10).WatchAsync(TestContext.Current.CancellationToken).GetAsyncEnumerator(TestContext.Current.CancellationToken);
        Assert.True(await other.MoveNextAsync());
        Assert.Empty(other.Current);
        foreach (var watch in watches) await watch.DisposeAsync();
    }

    [Fact]
    public async Task Documents_of_one_change_are_seen_together()
    {
        using var folder = new TempFolder();
        await using var db = await EdgeDatabase.OpenAsync(folder["a.db"], TestContext.Current.CancellationToken);
        var (left, right) = (DocumentId.Named("left"), DocumentId.Named("right"));
        void Both(ChangeBuilder change, long n)
        {
            change.Document<Job>(left).Minutes.Add(n);
            change.Document<Job>(right).Minutes.Add(n);
        }
        await db.EditAsync(change => Both(change, 0), TestContext.Current.CancellationToken);
        var writing = Task.Run(async () =>
        {
            for (var i = 0; i < 300; i++) await db.EditAsync(change => Both(change, 1), TestContext.Current.CancellationToken);
        }, TestContext.Current.CancellationToken);
        await foreach (var both in db.Documents<Job>().WatchAsync(TestContext.Current.CancellationToken))
        {
            Assert.Equal(both[0].Minutes.Value, both[1].Minutes.Value);
            if (both[0].Minutes == 300) break;
        }
        await writing;
    }

    [Fact]
    public async Task Watched_search_follows_the_index()
    {
        using var folder = new TempFolder();
        await using var db = await EdgeDatabase.OpenAsync(folder["a.db"], TestContext.Current.CancellationToken);
        var articles = db.Documents<Article>();
        await using var watch = articles.Search("pump").WatchAsync(TestContext.Current.CancellationToken).GetAsyncEnumerator(TestContext.Current.CancellationToken);
        Assert.True(await watch.MoveNextAsync());
        Assert.Empty(watch.Current);
        await articles.EditAsync(s_pump, static article => article.Title = "a pump", TestContext.Current.CancellationToken);
        Assert.True(await watch.MoveNextAsync());
        Assert.Single(watch.Current);
        await articles.EditAsync(s_pump, static article => article.Stars = 4, TestContext.Current.CancellationToken);
        Assert.True(await watch.MoveNextAsync());
        Assert.Equal(4, watch.Current.Single().Stars);
        await articles.EditAsync(s_pump, static article => article.Title = "a seal", TestContext.Current.CancellationToken);
        Assert.True(await watch.MoveNextAsync());
        Assert.Empty(watch.Current);
    }

    [Fact]
    public async Task Feed_goes_with_its_last_reader()
    {
        using var folder = new TempFolder();
        await using var db = await EdgeDatabase.OpenAsync(folder["a.db"], TestContext.Current.CancellationToken);
        await foreach (var _ in db.Documents<Job>().WatchAsync(TestContext.Current.CancellationToken)) break;
        var before = db.Feeds.Work;
        await db.Documents<Job>().EditAsync(s_pump, static job => job.Title = "x", TestContext.Current.CancellationToken);
        Assert.Equal(before, db.Feeds.Work);
        Assert.Equal(0, db.Feeds.Count);
    }

    internal static void EditRandomly(ChangeBuilder change, Random random)
    {
        var id = DocumentId.Named($"job {random.Next(12)}");
        if (random.Next(8) == 0)
        {
            change.Delete<Job>(id);
            return;
        }
        var job = change.Document<Job>(id);
        switch (random.Next(7))
        {
            case 0: job.Title = ((string[])["", "a", "b", "Z", "😀", "\uE000"])[random.Next(6)]; break;
            case 1: job.Done = random.Next(2) == 0; break;
            case 2: job.Due = random.Next(3) == 0 ? null : DateTimeOffset.UnixEpoch.AddDays(random.Next(5)); break;
            case 3: job.Priority = (Priority)random.Next(3); break;
            case 4: job.Minutes.Add(random.Next(-2, 4)); break;
            case 5: job.Parts.Add(random.Next(2) == 0 ? "seal" : "bolt"); break;
            default: job.Notes.Append("a"); break;
        }
    }

    private static string Shown(IReadOnlyList<Job> jobs) =>
        string.Join('\n', jobs.Select(static j => $"{j.Id} {j.Title} {j.Done} {j.Due} {j.Priority} {j.Minutes} {string.Join(',', j.Parts)} {j.Notes}"));
}
