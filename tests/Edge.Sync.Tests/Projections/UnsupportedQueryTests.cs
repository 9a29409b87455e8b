#pragma warning disable ES0003 // Asks for what cannot be translated, to see it refused.

// The shapes are tested as people write them, not as an analyzer would have them.
#pragma warning disable CA1847, CA1862, CA1866

using System.Linq.Expressions;

namespace Edge.Sync.Tests.Projections;

public class UnsupportedQueryTests
{
    private static readonly string s_text = "abc";

    private static readonly Dictionary<string, (Expression<Func<Job, bool>> Condition, string Part)> s_shapes = new()
    {
        ["a method of the property"] = (j => j.Title.ToUpperInvariant() == "A", "ToUpperInvariant"),
        ["an indexer"] = (j => j.Title[0] == 'a', "get_Chars"),
        ["arithmetic"] = (j => j.Minutes + 1 > 3, "+"),
        ["arithmetic on both sides"] = (j => 3 > j.Minutes * 2, "*"),
        ["a part of a time"] = (j => j.Due!.Value.Year == 2026, "Year"),
        ["coalescing"] = (j => (j.Due ?? DateTimeOffset.UnixEpoch) > DateTimeOffset.UnixEpoch, "??"),
        ["a condition"] = (j => j.Done ? j.Title == "a" : j.Title == "b", "IIF"),
        ["Any"] = (j => j.Parts.Any(p => p == "a"), "Any"),
        ["All"] = (j => j.Parts.All(p => p == "a"), "All"),
        ["Equals without case"] = (j => j.Title.Equals("a", StringComparison.OrdinalIgnoreCase), "Equals"),
        ["Equals of other types"] = (j => j.Due.Equals(j.Due), "Equals"),
        ["string.IsNullOrWhiteSpace"] = (j => string.IsNullOrWhiteSpace(j.Title), "IsNullOrWhiteSpace"),
        ["string.Compare"] = (j => string.Compare(j.Title, "a", StringComparison.Ordinal) < 0, "Compare"),
        ["another comparison"] = (j => j.Title.StartsWith("a", StringComparison.OrdinalIgnoreCase), "StartsWith"),
        ["a text that contains the property"] = (j => s_text.Contains(j.Title), "Contains"),
        ["a property that contains a property"] = (j => j.Title.Contains(j.Notes.Value), "Notes"),
        ["a set compared by order"] = (j => j.Parts.Count() > 1, "Count"),
        ["type test"] = (j => j.Due is DateTimeOffset, "Is"),
        ["exclusive or"] = (j => j.Done ^ j.Done, "^"),
        ["the document itself"] = (j => j == null, "null"),
        ["a member that is no field"] = (j => j.GetType() == null, "GetType"),
    };

    public static TheoryData<string> Shapes() => [.. s_shapes.Keys];

    [Theory]
    [MemberData(nameof(Shapes))]
    public async Task Where_throws_at_once_and_names_the_part(string shape)
    {
        using var folder = new TempFolder();
        await using var db = new EdgeDatabase(new() { Path = folder["never opened.db"] });
        var (condition, part) = s_shapes[shape];
        var error = Assert.Throws<NotSupportedException>(() => db.Documents<Job>().Where(condition));
        Assert.Contains(part, error.Message, StringComparison.Ordinal);
        Assert.Throws<NotSupportedException>(() => db.Documents<Job>().Where(static j => j.Done).Where(condition));
    }

    [Fact]
    public async Task OrderBy_throws_at_once_and_names_the_part()
    {
        using var folder = new TempFolder();
        await using var db = new EdgeDatabase(new() { Path = folder["never opened.db"] });
        Assert.Contains("Parts", Assert.Throws<NotSupportedException>(() => db.Documents<Job>().OrderBy(static j => j.Parts)).Message, StringComparison.Ordinal);
        Assert.Contains("ToString", Assert.Throws<NotSupportedException>(() => db.Documents<Job>().OrderBy(static j => j.Minutes.ToString())).Message, StringComparison.Ordinal);
        Assert.Contains("Done", Assert.Throws<NotSupportedException>(() => db.Documents<Job>().OrderBy(static j => !j.Done)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Array_literal_inside_of_the_lambda_is_told_to_go_into_a_local()
    {
        using var folder = new TempFolder();
        await using var db = new EdgeDatabase(new() { Path = folder["never opened.db"] });
        var error = Assert.Throws<NotSupportedException>(() => db.Documents<Job>().Where(static j => new[] { "a", "b" }.Contains(j.Title)));
        Assert.Contains("local variable", error.Message, StringComparison.Ordinal);
    }
}
