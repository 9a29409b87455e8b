// The shapes are tested as people write them, not as an analyzer would have them.
#pragma warning disable CA1310, CA1847, CA1862, CA1865, CA1866

using System.Linq.Expressions;
using System.Runtime.CompilerServices;
using Edge.Sync.Tests.Projections;

namespace Edge.Sync.Tests.Docs;

/// <summary>Every shape that docs/queries.md names is translated, and means what C# means by it. What judges queries elsewhere takes its list from here.</summary>
public sealed class QueryShapeTests(FilledDatabase filled) : IClassFixture<FilledDatabase>
{
    private static readonly string s_text = "a";
    private static readonly string[] s_titles = ["a", "b"];
    private static readonly List<Level> s_levels = [Level.Over, Level.Half];
    private static readonly DateTimeOffset s_noon = RandomDocuments.Noon;
    private static readonly string? s_filter = Array.Find(s_titles, static title => title == "c");

    [Fact]
    public Task Comparisons_of_values() => CheckAsync<Gauge>(
        Shape<Gauge>(g => g.Whole == 1), Shape<Gauge>(g => g.Real >= 0.5), Shape<Gauge>(g => g.Price > 1.5m), Shape<Gauge>(g => g.Level == Level.Over),
        Shape<Gauge>(g => g.At < s_noon), Shape<Gauge>(g => g.Whole < g.Big), Shape<Gauge>(g => g.Label == null), Shape<Gauge>(g => g.MaybeWhole != 1),
        Shape<Gauge>(g => g.MaybeFlag.HasValue && g.MaybeFlag.Value));

    [Fact]
    public Task Flags_and_joins() => CheckAsync<Job>(
        Shape<Job>(j => j.Done), Shape<Job>(j => !j.Done && j.Minutes > 3), Shape<Job>(j => j.Minutes.Value > 3 || j.Title == s_text), Shape<Job>(j => s_filter == null || j.Title == s_filter));

    [Fact]
    public Task Texts() => CheckAsync<Job>(
        Shape<Job>(j => j.Title.StartsWith(s_text)), Shape<Job>(j => j.Title.EndsWith("a", StringComparison.Ordinal)), Shape<Job>(j => j.Title.Contains('a')),
        Shape<Job>(j => j.Title.Equals("a")), Shape<Job>(j => string.IsNullOrEmpty(j.Title)), Shape<Job>(j => j.Notes.Value.Contains("a")), Shape<Job>(j => j.Notes.Length > 3));

    [Fact]
    public Task Collections() => CheckAsync<Job>(Shape<Job>(j => s_titles.Contains(j.Title)), Shape<Job>(j => j.Parts.Contains("a")), Shape<Job>(j => j.Parts.Count > 1));

    [Fact]
    public Task Lists_of_values() => CheckAsync<Gauge>(Shape<Gauge>(g => s_levels.Contains(g.Level)));

    private static (Expression<Func<T, bool>> Condition, string Text) Shape<T>(Expression<Func<T, bool>> condition, [CallerArgumentExpression(nameof(condition))] string text = "") => (condition, text);

    private async Task CheckAsync<T>(params (Expression<Func<T, bool>> Condition, string Text)[] shapes) where T : class, IEdgeDocument<T>
    {
        var page = await File.ReadAllTextAsync(Path.Combine(SnippetTests.RepositoryRoot(), "docs", "queries.md"), TestContext.Current.CancellationToken);
        foreach (var (condition, text) in shapes)
        {
            await QueryOracle.CheckAsync(filled.Db, condition);
            var shown = text[(text.IndexOf("=> ", StringComparison.Ordinal) + 3)..].Replace("s_", "", StringComparison.Ordinal).Replace("|", "\\|", StringComparison.Ordinal);
            Assert.Contains($"`{shown}`", page, StringComparison.Ordinal);
        }
    }
}
