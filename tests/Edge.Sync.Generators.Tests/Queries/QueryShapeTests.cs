using Edge.Sync.Generators.Queries;
using Edge.Sync.Generators.Tests.Callbacks;

namespace Edge.Sync.Generators.Tests.Queries;

/// <summary>ES0003. What passes here is what the library translates: its own tests run these shapes against SQL.</summary>
public class QueryShapeTests
{
    [Theory]
    [InlineData("_ = jobs.Where(j => [|j.Title.ToUpper()|] == \"X\");")]
    [InlineData("_ = jobs.Where(j => [|j.Title + \"x\"|] == \"X\");")]
    [InlineData("_ = jobs.Where(j => [|j.Done & j.Title == \"x\"|]);")]
    [InlineData("_ = jobs.Where(j => [|j.Minutes.Value % 2|] == 0);")]
    [InlineData("_ = jobs.Where(j => [|j.Label|] == \"x\");")]
    [InlineData("_ = jobs.Where(j => [|j.Due!.Value.Year|] == 2026);")]
    [InlineData("_ = jobs.Where(j => [|j.Parts.Any(p => p == \"seal\")|]);")]
    [InlineData("_ = jobs.Where(j => ([|j.Done ? 1 : 0|]) == 1);")]
    [InlineData("_ = jobs.Where(j => [|new[] { \"a\", \"b\" }|].Contains(j.Title));")]
    [InlineData("_ = jobs.Where(j => [|string.IsNullOrWhiteSpace(j.Title)|]);")]
    [InlineData("_ = await jobs.FirstOrDefaultAsync(j => [|j.Title.ToUpper()|] == \"X\");")]
    [InlineData("_ = await jobs.OrderBy(j => j.Title).CountAsync(j => [|j.Title.Trim()|] == \"X\");")]
    [InlineData("_ = await jobs.AnyAsync(j => [|j.Label|] == \"x\");")]
    [InlineData("_ = jobs.OrderBy(j => [|j.Title.Length + 1|]);")]
    [InlineData("_ = jobs.OrderBy(j => [|j.Parts|]);")]
    [InlineData("_ = jobs.OrderBy(j => j.Title).ThenBy(j => [|j.Label|]);")]
    [InlineData("_ = jobs.Where(j => j.Done && ![|j.Title.Trim()|].StartsWith(\"x\"));")]
    public Task Shape_without_a_counterpart_in_SQL_is_reported(string statements) => Analyzing.AssertReportsAsync(new QueryShapeAnalyzer(), "ES0003", statements);

    [Theory]
    [InlineData("_ = jobs.Where(j => !j.Done && (j.Title != \"x\" || j.Minutes.Value > 3));")]
    [InlineData("_ = jobs.Where(j => j.Minutes > 3 && j.Due < DateTimeOffset.UnixEpoch && j.Due != null && j.Due.HasValue);")]
    [InlineData("_ = jobs.Where(j => j.Title.Contains(\"x\") || j.Title.StartsWith(\"x\", StringComparison.Ordinal) || j.Notes.Value.EndsWith(\"y\"));")]
    [InlineData("_ = jobs.Where(j => j.Parts.Contains(\"seal\") && j.Parts.Count > 1 && j.Notes.Length > 2 && j.Title.Length == 1);")]
    [InlineData("_ = jobs.Where(j => j.Stock.ContainsKey(\"a\") && j.Stock[\"a\"].Value > 1 && j.Address.City == \"Ulm\");")]
    [InlineData("_ = jobs.Where(j => j.Title.Equals(\"x\") || string.IsNullOrEmpty(j.Title));")]
    [InlineData("var names = new[] { \"a\" }; _ = jobs.Where(j => names.Contains(j.Title));")]
    [InlineData("var names = new List<string>(); _ = jobs.Where(j => names.Contains(j.Title));")]
    [InlineData("string? wanted = null; _ = jobs.Where(j => wanted == null || j.Title == wanted);")]
    [InlineData("_ = jobs.Where(j => j.Title == holder.Job!.Title && j.Id == id);")]
    [InlineData("_ = jobs.OrderBy(j => j.Title).ThenByDescending(j => j.Minutes.Value).ThenBy(j => j.Due).ThenBy(j => j.Notes.Value).ThenBy(j => j.Id);")]
    [InlineData("_ = jobs.Where(_ => true);")]
    [InlineData("_ = await jobs.FirstOrDefaultAsync(j => j.Title == \"X\") ?? await jobs.FirstOrDefaultAsync();")]
    [InlineData("_ = await jobs.CountAsync(j => j.Done) > 0 || await jobs.AnyAsync(j => !j.Done);")]
    [InlineData("_ = new List<Job>().Where(j => j.Title.ToUpper() == \"X\").OrderBy(j => j.Label);")]
    [InlineData("_ = (await jobs.ToListAsync()).Where(j => j.Title.ToUpper() == \"X\");")]
    public Task Shape_that_is_translated_is_not_reported(string statements) => Analyzing.AssertReportsAsync(new QueryShapeAnalyzer(), "ES0003", statements);

    [Fact]
    public async Task Message_names_the_part_and_what_to_do()
    {
        var found = await Analyzing.AssertReportsAsync(new QueryShapeAnalyzer(), "ES0003", "_ = jobs.Where(j => [|new[] { \"a\" }|].Contains(j.Title));");
        Assert.Contains("'new[] { \"a\" }'", found[0].GetMessage());
        Assert.Contains("local variable", found[0].GetMessage());
    }
}
