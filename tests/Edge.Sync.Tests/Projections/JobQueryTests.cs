// The shapes are tested as people write them, not as an analyzer would have them.
#pragma warning disable CA1847, CA1862, CA1866

using System.Linq.Expressions;

namespace Edge.Sync.Tests.Projections;

public sealed class JobQueryTests(FilledDatabase filled) : IClassFixture<FilledDatabase>
{
    private static readonly DateTimeOffset s_noon = RandomDocuments.Noon;
    private static readonly string[] s_titles = ["a", "😀", "a\0b", "nowhere"];
    private static readonly List<string> s_titleList = ["", "ab"];
    private static readonly HashSet<Priority> s_priorities = [Priority.Low, Priority.High];
    private static readonly DateTimeOffset?[] s_dues = [null, RandomDocuments.Noon];
    private static readonly DocumentId[] s_ids = [DocumentId.Named("3"), DocumentId.Named("7"), DocumentId.Named("nobody")];
    private static readonly DocumentId s_id = DocumentId.Named("5");

    private readonly EdgeDatabase _db = filled.Db;

    private static readonly Dictionary<string, Expression<Func<Job, bool>>> s_shapes = new()
    {
        ["text =="] = j => j.Title == "ab",
        ["text == turned around"] = j => "ab" == j.Title,
        ["text !="] = j => j.Title != "ab",
        ["text == empty"] = j => j.Title == "",
        ["text with NUL"] = j => j.Title == "a\0b",
        ["text Contains"] = j => j.Title.Contains("a"),
        ["text Contains empty"] = j => j.Title.Contains(""),
        ["text Contains a surrogate pair"] = j => j.Title.Contains("😀"),
        ["text Contains a wildcard"] = j => j.Title.Contains("%"),
        ["text Contains NUL"] = j => j.Title.Contains("\0"),
        ["text Contains after NUL"] = j => j.Title.Contains("\0b"),
        ["text StartsWith"] = j => j.Title.StartsWith("a"),
        ["text StartsWith a surrogate pair"] = j => j.Title.StartsWith("😀"),
        ["text StartsWith NUL"] = j => j.Title.StartsWith("a\0"),
        ["text EndsWith"] = j => j.Title.EndsWith("b"),
        ["text EndsWith a surrogate pair"] = j => j.Title.EndsWith("😀"),
        ["text EndsWith after NUL"] = j => j.Title.EndsWith("b"),
        ["text EndsWith with NUL"] = j => j.Title.EndsWith("\0b"),
        ["text EndsWith longer than it"] = j => j.Title.EndsWith("xxxxxxxxa"),
        ["text Contains a character"] = j => j.Title.Contains('a'),
        ["text StartsWith a character"] = j => j.Title.StartsWith('a'),
        ["text EndsWith a character"] = j => j.Title.EndsWith('b'),
        ["text Contains ordinal"] = j => j.Title.Contains("ab", StringComparison.Ordinal),
        ["text StartsWith ordinal"] = j => j.Title.StartsWith("ab", StringComparison.Ordinal),
        ["notes =="] = j => j.Notes.Value == "a",
        ["notes Contains"] = j => j.Notes.Value.Contains("a"),
        ["notes Length"] = j => j.Notes.Length > 2,
        ["title Length"] = j => j.Title.Length == 2,
        ["bool"] = j => j.Done,
        ["not bool"] = j => !j.Done,
        ["bool == true"] = j => j.Done == true,
        ["bool != true"] = j => j.Done != true,
        ["due == null"] = j => j.Due == null,
        ["due != null"] = j => j.Due != null,
        ["due HasValue"] = j => j.Due.HasValue,
        ["not due HasValue"] = j => !j.Due.HasValue,
        ["due =="] = j => j.Due == s_noon,
        ["due !="] = j => j.Due != s_noon,
        ["due <"] = j => j.Due < s_noon,
        ["due <="] = j => j.Due <= s_noon,
        ["due >"] = j => j.Due > s_noon,
        ["due >="] = j => j.Due >= s_noon,
        ["not due <"] = j => !(j.Due < s_noon),
        ["due Value"] = j => j.Due != null && j.Due.Value > s_noon,
        ["enum =="] = j => j.Priority == Priority.High,
        ["enum !="] = j => j.Priority != Priority.High,
        ["enum >"] = j => j.Priority > Priority.Low,
        ["counter == number"] = j => j.Minutes == 3,
        ["counter > number"] = j => j.Minutes > 3,
        ["counter <= number"] = j => j.Minutes <= 0,
        ["counter Value"] = j => j.Minutes.Value >= 2,
        ["counter Value turned around"] = j => 2 > j.Minutes.Value,
        ["set Contains"] = j => j.Parts.Contains("a"),
        ["set Contains quote"] = j => j.Parts.Contains("\""),
        ["set Contains NUL"] = j => j.Parts.Contains("a\0b"),
        ["set Contains surrogate pair"] = j => j.Parts.Contains("😀"),
        ["set Count"] = j => j.Parts.Count == 2,
        ["set Count > 0"] = j => j.Parts.Count > 0,
        ["array Contains"] = j => s_titles.Contains(j.Title),
        ["list Contains"] = j => s_titleList.Contains(j.Title),
        ["set of enum Contains"] = j => s_priorities.Contains(j.Priority),
        ["array with null Contains"] = j => s_dues.Contains(j.Due),
        ["not array Contains"] = j => !s_titles.Contains(j.Title),
        ["id =="] = j => j.Id == s_id,
        ["id !="] = j => j.Id != s_id,
        ["array of ids Contains"] = j => s_ids.Contains(j.Id),
        ["and"] = j => !j.Done && j.Minutes > 0,
        ["or"] = j => j.Done || j.Minutes > 3,
        ["and, or, not"] = j => (j.Done || j.Due == null) && !(j.Title == "a" || j.Priority == Priority.Low),
        ["or of not null"] = j => j.Due > s_noon || j.Title == "a",
        ["not of or of null"] = j => !(j.Due > s_noon || j.Title == "a"),
        ["constant"] = j => j.Done || true,
    };

    public static TheoryData<string> Shapes() => [.. s_shapes.Keys];

    [Theory]
    [MemberData(nameof(Shapes))]
    public async Task Query_gives_what_the_same_condition_gives_in_memory(string shape)
    {
        var count = await QueryOracle.CheckAsync(_db, s_shapes[shape]);
        // Each condition must tell documents apart, or the comparison would say little.
        if (shape is not ("text Contains empty" or "constant" or "text EndsWith longer than it")) Assert.InRange(count, 1, FilledDatabase.DocumentCount - 1);
    }

    [Fact]
    public async Task Condition_of_an_end_is_that_of_Where()
    {
        var jobs = _db.Documents<Job>();
        var open = (await jobs.OrderBy(static j => j.Title).ToListAsync()).Where(static j => !j.Done && j.Minutes > 0).ToList();
        Assert.InRange(open.Count, 1, await jobs.CountAsync() - 1);
        Assert.Equal(open[0].Id, (await jobs.OrderBy(static j => j.Title).FirstOrDefaultAsync(static j => !j.Done && j.Minutes > 0))!.Id);
        Assert.Equal(open.Count, await jobs.CountAsync(static j => !j.Done && j.Minutes > 0));
        Assert.Equal(open.Count(static j => j.Minutes > 3), await jobs.Where(static j => !j.Done).CountAsync(static j => j.Minutes > 3));
        Assert.True(await jobs.AnyAsync(static j => j.Minutes > 0));
        Assert.False(await jobs.AnyAsync(static j => j.Title == "none of these"));
        Assert.Null(await jobs.FirstOrDefaultAsync(static j => j.Title == "none of these"));
        await Assert.ThrowsAsync<NotSupportedException>(() => jobs.Take(3).CountAsync(static j => j.Done));
    }

    [Fact]
    public async Task Captured_values_are_read_each_time_the_query_runs()
    {
        var limit = 0L;
        var title = (string?)"a";
        var due = (DateTimeOffset?)null;
        var titles = new List<string> { "a" };
        var jobs = _db.Documents<Job>();
        var all = await jobs.ToListAsync();
        var byLimit = jobs.Where(j => j.Minutes >= limit);
        var byTitle = jobs.Where(j => j.Title == title);
        var byDue = jobs.Where(j => j.Due == due);
        var byTitles = jobs.Where(j => titles.Contains(j.Title));
        foreach (var (newLimit, newTitle, newDue) in ((long, string?, DateTimeOffset?)[])[(0, "a", null), (3, "😀", s_noon), (5, null, s_noon.AddHours(1))])
        {
            (limit, title, due) = (newLimit, newTitle, newDue);
            titles.Add(newTitle ?? "b");
            Assert.Equal(all.Count(j => j.Minutes.Value >= limit), await byLimit.CountAsync());
            Assert.Equal(all.Count(j => j.Title == title), await byTitle.CountAsync());
            Assert.Equal(all.Count(j => j.Due == due), await byDue.CountAsync());
            Assert.Equal(all.Count(j => titles.Contains(j.Title)), await byTitles.CountAsync());
        }
    }

    [Fact]
    public async Task Captured_nullable_is_compared_by_its_value()
    {
        var jobs = _db.Documents<Job>();
        var all = await jobs.ToListAsync();
        foreach (var due in (DateTimeOffset?[])[null, s_noon])
        {
            Assert.Equal(all.Count(j => j.Due < due), await jobs.Where(j => j.Due < due).CountAsync());
            Assert.Equal(all.Count(j => due.HasValue && j.Due == due), await jobs.Where(j => due.HasValue && j.Due == due).CountAsync());
            Assert.Equal(all.Count(j => due == null || j.Due == due), await jobs.Where(j => due == null || j.Due == due).CountAsync());
        }
        DateTimeOffset? noon = s_noon;
        Assert.Equal(all.Count(j => j.Due < noon.Value), await jobs.Where(j => j.Due < noon.Value).CountAsync());
    }

    [Fact]
    public async Task Several_conditions_must_all_hold()
    {
        var jobs = _db.Documents<Job>();
        var all = await jobs.ToListAsync();
        var minutes = 1;
        Assert.Equal(
            all.Count(j => !j.Done && j.Minutes.Value > minutes && j.Title != "a"),
            await jobs.Where(j => !j.Done).Where(j => j.Minutes > minutes).Where(j => j.Title != "a").CountAsync());
    }

    [Fact]
    public async Task Members_of_captured_objects_are_read()
    {
        var site = new { Name = "a", Limits = new { Minutes = 2 } };
        var all = await _db.Documents<Job>().ToListAsync();
        Assert.Equal(
            all.Count(j => j.Title == site.Name || j.Minutes.Value > site.Limits.Minutes),
            await _db.Documents<Job>().Where(j => j.Title == site.Name || j.Minutes > site.Limits.Minutes).CountAsync());
    }
}
