namespace Edge.Sync.Tests.Projections;

public sealed class OrderTests(FilledDatabase filled) : IClassFixture<FilledDatabase>
{
    private readonly EdgeDatabase _db = filled.Db;

    [Fact]
    public async Task Text_sorts_by_code_point()
    {
        var all = await _db.Documents<Job>().ToListAsync();
        Assert.Equal(Ids(all.OrderBy(static j => j.Title, ByCodePoint).ThenBy(static j => j.Id)), Ids(await _db.Documents<Job>().OrderBy(static j => j.Title).ToListAsync()));
        Assert.Equal(Ids(all.OrderByDescending(static j => j.Title, ByCodePoint).ThenBy(static j => j.Id)), Ids(await _db.Documents<Job>().OrderByDescending(static j => j.Title).ToListAsync()));
        Assert.Equal(Ids(all.OrderBy(static j => j.Notes.Value, ByCodePoint).ThenBy(static j => j.Id)), Ids(await _db.Documents<Job>().OrderBy(static j => j.Notes.Value).ToListAsync()));
    }

    [Fact]
    public async Task Sets_enumerate_in_the_order_in_which_queries_sort()
    {
        foreach (var job in await _db.Documents<Job>().ToListAsync())
            Assert.Equal(job.Parts.Order(ByCodePoint), job.Parts);
    }

    [Fact]
    public async Task Each_type_sorts_as_in_memory()
    {
        var jobs = _db.Documents<Job>();
        var all = await jobs.ToListAsync();
        Assert.Equal(Ids(all.OrderBy(static j => j.Due).ThenBy(static j => j.Id)), Ids(await jobs.OrderBy(static j => j.Due).ToListAsync()));
        Assert.Equal(Ids(all.OrderByDescending(static j => j.Due).ThenBy(static j => j.Id)), Ids(await jobs.OrderByDescending(static j => j.Due).ToListAsync()));
        Assert.Equal(Ids(all.OrderBy(static j => j.Minutes.Value).ThenBy(static j => j.Id)), Ids(await jobs.OrderBy(static j => j.Minutes).ToListAsync()));
        Assert.Equal(Ids(all.OrderByDescending(static j => j.Minutes.Value).ThenBy(static j => j.Id)), Ids(await jobs.OrderByDescending(static j => j.Minutes.Value).ToListAsync()));
        Assert.Equal(Ids(all.OrderBy(static j => j.Priority).ThenBy(static j => j.Id)), Ids(await jobs.OrderBy(static j => j.Priority).ToListAsync()));
        Assert.Equal(Ids(all.OrderBy(static j => j.Done).ThenBy(static j => j.Id)), Ids(await jobs.OrderBy(static j => j.Done).ToListAsync()));
        Assert.Equal(Ids(all.OrderBy(static j => j.Parts.Count).ThenBy(static j => j.Id)), Ids(await jobs.OrderBy(static j => j.Parts.Count).ToListAsync()));
        Assert.Equal(Ids(all.OrderByDescending(static j => j.Id)), Ids(await jobs.OrderByDescending(static j => j.Id).ToListAsync()));

        var gauges = _db.Documents<Gauge>();
        var allGauges = await gauges.ToListAsync();
        Assert.Equal(Ids(allGauges.OrderBy(static g => g.Real).ThenBy(static g => g.Id)), Ids(await gauges.OrderBy(static g => g.Real).ToListAsync()));
        Assert.Equal(Ids(allGauges.OrderByDescending(static g => g.Price).ThenBy(static g => g.Id)), Ids(await gauges.OrderByDescending(static g => g.Price).ToListAsync()));
        Assert.Equal(Ids(allGauges.OrderBy(static g => g.Key).ThenBy(static g => g.Id)), Ids(await gauges.OrderBy(static g => g.Key).ToListAsync()));
        Assert.Equal(Ids(allGauges.OrderBy(static g => g.Level).ThenBy(static g => g.Id)), Ids(await gauges.OrderBy(static g => g.Level).ToListAsync()));
        Assert.Equal(Ids(allGauges.OrderBy(static g => g.Big).ThenBy(static g => g.Id)), Ids(await gauges.OrderBy(static g => g.Big).ToListAsync()));
        Assert.Equal(Ids(allGauges.OrderBy(static g => g.Site).ThenBy(static g => g.Id)), Ids(await gauges.OrderBy(static g => g.Site).ToListAsync()));
    }

    [Fact]
    public async Task Further_keys_sort_what_is_equal()
    {
        var jobs = _db.Documents<Job>();
        var all = await jobs.ToListAsync();
        Assert.Equal(
            Ids(all.OrderBy(static j => j.Done).ThenByDescending(static j => j.Priority).ThenBy(static j => j.Title, ByCodePoint).ThenBy(static j => j.Id)),
            Ids(await jobs.OrderBy(static j => j.Done).ThenByDescending(static j => j.Priority).ThenBy(static j => j.Title).ToListAsync()));
        Assert.Equal(
            Ids(all.OrderByDescending(static j => j.Minutes.Value).ThenBy(static j => j.Id)),
            Ids(await jobs.OrderBy(static j => j.Done).OrderByDescending(static j => j.Minutes).ToListAsync()));
    }

    [Fact]
    public async Task Skip_and_Take_mean_what_they_mean_in_memory()
    {
        var sorted = _db.Documents<Job>().Where(static j => !j.Done).OrderBy(static j => j.Title);
        var all = await sorted.ToListAsync();
        foreach (var (skip, take) in ((int, int)[])[(0, 0), (0, 5), (3, 5), (all.Count - 2, 5), (all.Count, 1), (all.Count + 9, 1), (0, int.MaxValue), (int.MaxValue, int.MaxValue)])
        {
            await AssertSame(all.Skip(skip).Take(take), sorted.Skip(skip).Take(take));
            await AssertSame(all.Take(take).Skip(skip), sorted.Take(take).Skip(skip));
            await AssertSame(all.Skip(skip).Skip(2), sorted.Skip(skip).Skip(2));
            await AssertSame(all.Take(take).Take(3), sorted.Take(take).Take(3));
            await AssertSame(all.Take(3).Take(take), sorted.Take(3).Take(take));
            await AssertSame(all.Skip(1).Take(take).Skip(1).Take(2), sorted.Skip(1).Take(take).Skip(1).Take(2));
        }
    }

    [Fact]
    public void Condition_or_order_after_Skip_and_Take_is_refused()
    {
        var jobs = _db.Documents<Job>();
        Assert.Throws<NotSupportedException>(() => jobs.Take(5).Where(static j => j.Done));
        Assert.Throws<NotSupportedException>(() => jobs.Skip(5).Where(static j => j.Done));
        Assert.Throws<NotSupportedException>(() => jobs.Take(5).OrderBy(static j => j.Title));
        Assert.Throws<NotSupportedException>(() => jobs.OrderBy(static j => j.Title).Skip(5).OrderByDescending(static j => j.Title));
    }

    [Fact]
    public void Negative_counts_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => _db.Documents<Job>().Skip(-1));
        Assert.Throws<ArgumentOutOfRangeException>(() => _db.Documents<Job>().Take(-1));
    }

    private static IComparer<string> ByCodePoint { get; } = Comparer<string>.Create(static (a, b) =>
        a.EnumerateRunes().Select(static r => r.Value).Zip(b.EnumerateRunes().Select(static r => r.Value), static (x, y) => x.CompareTo(y)).FirstOrDefault(static c => c != 0) is var order and not 0
            ? order : a.EnumerateRunes().Count().CompareTo(b.EnumerateRunes().Count()));

    private static List<DocumentId> Ids<T>(IEnumerable<T> documents) where T : class, IEdgeDocument<T> => [.. documents.Select(static document => document.Id)];

    private static async Task AssertSame(IEnumerable<Job> expected, DocumentQuery<Job> query)
    {
        var ids = Ids(expected);
        Assert.Equal(ids, Ids(await query.ToListAsync()));
        Assert.Equal(ids.Count, await query.CountAsync());
        Assert.Equal(ids.Count > 0, await query.AnyAsync());
        Assert.Equal(ids.Count > 0 ? ids[0] : null, (await query.FirstOrDefaultAsync())?.Id);
    }
}
